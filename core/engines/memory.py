"""What torch says when memory runs out or the card fails, turned into errors that say what to do."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from core.errors import EngineError, OutOfMemory

_SIGNS = ("out of memory", "can't allocate memory", "cublas_status_alloc_failed", "cudnn_status_alloc_failed")
"""What torch says of memory that ran out where it has no error of its own for it."""


def is_out_of_memory(error: BaseException) -> bool:
    """Whether ``error`` says that memory ran out: ours, Python's, CUDA's, or the CPU's plain RuntimeError."""
    if isinstance(error, OutOfMemory | MemoryError):
        return True
    import torch

    words = str(error).lower()
    return isinstance(error, torch.OutOfMemoryError) or any(sign in words for sign in _SIGNS)


def free_memory() -> None:
    """Give back what no tensor holds any more."""
    import torch

    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()


@contextmanager
def explain_failures(model: str) -> Iterator[None]:
    """Raise OutOfMemory or EngineError for what torch raises while ``model`` loads or works."""
    out, why = False, ""
    try:
        yield
    except (RuntimeError, MemoryError) as error:  # torch's own errors are all RuntimeErrors
        out = is_out_of_memory(error)
        why = str(error).strip().partition("\n")[0]
        if not out and "CUDA" not in why:
            raise
    if out:  # raised here, for the handler's traceback would keep the tensors alive
        free_memory()
        raise OutOfMemory(
            "There is not enough memory for {model}. Close other programs that use the graphics card, or choose a "
            "smaller model or profile.",
            model=model,
        )
    if why:
        raise EngineError(
            "The graphics card failed while {model} was at work: {why}. Stop Chamada and start it again; if it stays, "
            "update the card's driver.",
            model=model,
            why=why,
        )
