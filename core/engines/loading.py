"""A chat model read from its folder: safetensors only, no code of its own, every weight accounted for."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from core.engines.weights import check_weights, read_json
from core.errors import EngineError

Precision = Literal["auto", "nf4", "bfloat16", "float16", "float32"]


def load_chat_model(folder: Path, precision: Precision = "auto") -> tuple[Any, Any]:
    """The model and the tokenizer in ``folder``, on the GPU where there is one.

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
            **placement(precision),
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


def placement(precision: Precision) -> dict[str, Any]:
    """How ``from_pretrained`` is to hold the weights, and where: on the GPU that torch can use, else on the CPU."""
    import torch
    import transformers

    has_gpu = torch.cuda.is_available()
    if precision == "auto":
        precision = "nf4" if has_gpu else "bfloat16"
    if precision == "nf4":
        # A T4 computes in float16; newer cards have bfloat16, which cannot overflow.
        has_bfloat16 = not has_gpu or torch.cuda.is_bf16_supported(including_emulation=False)
        compute = torch.bfloat16 if has_bfloat16 else torch.float16
        library: Any = transformers
        quantization = library.BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=compute,
        )
        return {"quantization_config": quantization, "dtype": compute, "device_map": "auto" if has_gpu else "cpu"}
    return {"dtype": getattr(torch, precision), "device_map": "auto" if has_gpu else "cpu"}
