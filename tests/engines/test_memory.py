"""What torch says when memory runs out or a card fails, turned into errors with a remedy."""

import pytest

from core.engines.memory import explain_failures, is_out_of_memory
from core.errors import EngineError, OutOfMemory

OUT = [
    RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB"),
    RuntimeError("CUDA error: out of memory"),
    RuntimeError("[enforce fail at alloc_cpu.cpp:117] DefaultCPUAllocator: can't allocate memory: you tried to …"),
    RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
    MemoryError(),
    OutOfMemory("ours"),
]
OTHER = [RuntimeError("CUDA error: an illegal memory access was encountered"), ValueError("out"), KeyError("memory")]


@pytest.mark.parametrize("error", OUT, ids=str)
def test_memory_that_ran_out_is_known_by_many_names(error: BaseException) -> None:
    assert is_out_of_memory(error)
    with pytest.raises(OutOfMemory), explain_failures("llama"):
        raise error


@pytest.mark.parametrize("error", OTHER, ids=str)
def test_other_failures_are_not_taken_for_it(error: BaseException) -> None:
    assert not is_out_of_memory(error)


def test_torchs_own_errors_are_known() -> None:
    import torch

    assert is_out_of_memory(torch.OutOfMemoryError("Tried to allocate"))
    with pytest.raises(RuntimeError) as caught:
        torch.empty(2**60)
    assert is_out_of_memory(caught.value)


def test_a_card_that_fails_is_said_with_the_remedy() -> None:
    with pytest.raises(EngineError, match="driver"), explain_failures("llama"):
        raise OTHER[0]


def test_a_fault_of_the_program_is_not_hidden() -> None:
    with pytest.raises(RuntimeError, match="shapes"), explain_failures("llama"):
        raise RuntimeError("mat1 and mat2 shapes cannot be multiplied")
