"""A chat model read from its folder: safetensors only, no code of its own, every weight accounted for."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Literal

from core.engines.attention import speed_up
from core.engines.weights import check_weights, read_header, read_json
from core.errors import EngineError

Precision = Literal["auto", "nf4", "bfloat16", "float16", "float32"]

NF4_BYTES = 0.5 + 1 / 64 + 4 / (64 * 256)
"""Bytes of a weight in NF4: 4 bits, one byte of scale for 64 weights, and that scale's own for 256 of them.

Source: Dettmers et al., "QLoRA" (2023), section 3, double quantisation.
"""


def load_chat_model(folder: Path, precision: Precision = "auto", device: str = "cpu") -> tuple[Any, Any]:
    """The model and the tokenizer in ``folder``, the model on ``device``, whole: where it does not fit, it is refused.

    Raises:
        EngineError: it cannot be loaded; the message says what to do.
    """
    import transformers

    check_weights(folder)
    check_config(folder)
    library: Any = transformers
    library.utils.logging.disable_progress_bar()  # a worker has no terminal, and the batch draws its own
    trusted = {"trust_remote_code": False, "local_files_only": True}
    try:
        tokenizer = library.AutoTokenizer.from_pretrained(folder, **trusted)
        model, report = library.AutoModelForCausalLM.from_pretrained(
            folder,
            use_safetensors=True,
            output_loading_info=True,
            ignore_mismatched_sizes=True,  # so that they are reported, and refused below
            **trusted,
            **placement(precision, device),
        )
    except (OSError, ValueError, ImportError, KeyError, TypeError) as error:
        why = str(error).strip().partition("\n")[0] or type(error).__name__
        raise EngineError("The model in {path} cannot be loaded: {why}", path=folder, why=why) from error
    # transformers fills what it did not find with random numbers, and only says so.
    gaps = sorted({*report["missing_keys"], *(str(item[0]) for item in report["mismatched_keys"])})
    if gaps:
        raise EngineError(
            "The model in {path} lacks {count} of its weights ({name} …): it is of another architecture than its "
            "config.json says, or was not saved whole. Download it again.",
            path=folder,
            count=len(gaps),
            name=gaps[0],
        )
    speed_up(model)
    return model.eval(), tokenizer


def check_config(folder: Path) -> None:
    """See that transformers knows the architecture, as a model that writes text, without code from the folder.

    Raises:
        EngineError: it does not.
    """
    from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES

    config = read_json(folder / "config.json")
    kind = str(config.get("model_type", ""))
    if kind in MODEL_FOR_CAUSAL_LM_MAPPING_NAMES:
        return
    if "auto_map" in config:
        raise EngineError(
            "The model in {path} brings program code of its own, which Chamada does not run. Choose a model that "
            "transformers knows.",
            path=folder,
        )
    raise EngineError(
        "The model in {path} is of the kind “{kind}”, which writes no text. Choose a chat model, such as a Llama "
        "Instruct.",
        path=folder,
        kind=kind or "?",
    )


def placement(precision: Precision, device: str) -> dict[str, Any]:
    """How ``from_pretrained`` is to hold the weights, and where."""
    import torch
    import transformers

    precision = choose_precision(precision, device)
    if precision == "nf4":
        # A T4 computes in float16; newer cards have bfloat16, which cannot overflow.
        has_bfloat16 = device == "cpu" or torch.cuda.is_bf16_supported(including_emulation=False)
        compute = torch.bfloat16 if has_bfloat16 else torch.float16
        library: Any = transformers
        quantization = library.BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=compute,
        )
        return {"quantization_config": quantization, "dtype": compute, "device_map": device}
    return {"dtype": getattr(torch, precision), "device_map": device}


def choose_precision(precision: Precision, device: str) -> Precision:
    """``precision``, with "auto" decided: 4 bits on a graphics card, bfloat16 elsewhere."""
    if precision != "auto":
        return precision
    return "bfloat16" if device == "cpu" else "nf4"


def estimate_bytes(folder: Path, precision: Precision, device: str) -> int:
    """What the model in ``folder`` will take in memory, by the headers of its files.

    Raises:
        EngineError: it is not whole; the message says what to do.
    """
    check_weights(folder)
    files = list(folder.glob("*.safetensors"))
    if "quantization_config" in read_json(folder / "config.json"):  # as it lies on the disk
        return sum(path.stat().st_size for path in files)
    precision = choose_precision(precision, device)
    size = 0.0
    for path in files:
        for name, shape in read_header(path).items():
            # The words' own vectors are not quantised, neither those that come in nor those that go out.
            quantized = precision == "nf4" and len(shape) == 2 and "embed" not in name and "lm_head" not in name
            size += math.prod(shape) * (NF4_BYTES if quantized else 4 if precision == "float32" else 2)
    return int(size)
