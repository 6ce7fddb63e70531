"""What this machine has: graphics cards, their driver, torch's build, memory, disk. Found without importing torch."""

from __future__ import annotations

import os
import re
import shutil
from contextlib import suppress
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from core.domain.frozen import Frozen

PACKAGES = ("torch", "transformers", "accelerate", "bitsandbytes", "llguidance", "diffusers", "peft")
"""What the models need on top of the draft engines: requirements.txt lists them."""


class Card(Frozen):
    """A graphics card that programs may use.

    Attributes:
        capability: CUDA's compute capability: (7, 5) is a T4's.
    """

    name: str
    memory_bytes: int
    capability: tuple[int, int]


class Machine(Frozen):
    """The machine, as far as the choice of engines depends on it.

    Attributes:
        cards: NVIDIA's, those that ``CUDA_VISIBLE_DEVICES`` lets a program see.
        driver: the cards' driver; "" where there is none.
        driver_cuda: the newest CUDA the driver serves, (13, 0); (0, 0) where there is none.
        driver_fault: what the driver answered instead, in its own words; "" where it works or there is none.
        torch: the version installed; "" for none.
        torch_cuda: the CUDA that torch was built for; (0, 0) for a build that uses the processor alone.
        lacking: the packages of ``PACKAGES`` that are not installed.
        memory_bytes: RAM; disk_bytes: free on the disk of a folder of ours.
    """

    cards: tuple[Card, ...] = ()
    driver: str = ""
    driver_cuda: tuple[int, int] = (0, 0)
    driver_fault: str = ""
    torch: str = ""
    torch_cuda: tuple[int, int] = (0, 0)
    lacking: tuple[str, ...] = ()
    memory_bytes: int = 0
    disk_bytes: int = 0

    @property
    def card(self) -> Card | None:
        """The card that works: CUDA lists the fastest first, which is as a rule the one with the most memory."""
        return max(self.cards, key=lambda card: card.memory_bytes, default=None)


@lru_cache(maxsize=4)
def look_around(folder: Path) -> Machine:
    """This machine, looked at once a process.

    Args:
        folder: on the disk whose free bytes count.
    """
    import psutil

    torch, torch_cuda = _find_torch()
    return Machine(
        **_ask_driver(),
        torch=torch,
        torch_cuda=torch_cuda,
        lacking=tuple(name for name in PACKAGES if find_spec(name) is None),
        memory_bytes=psutil.virtual_memory().total,
        disk_bytes=_free_bytes(folder),
    )


def _free_bytes(folder: Path) -> int:
    """Free bytes on the disk that holds ``folder``, be it there yet or not; 0 where nobody can tell."""
    there = next((path for path in (folder.absolute(), *folder.absolute().parents) if path.exists()), folder)
    with suppress(OSError):
        return shutil.disk_usage(there).free
    return 0


def _ask_driver() -> dict[str, object]:
    """What NVIDIA's driver says, as fields of a Machine; nothing where there is no driver."""
    import pynvml as nvml

    try:
        nvml.nvmlInit()
    except (nvml.NVMLError_LibraryNotFound, nvml.NVMLError_DriverNotLoaded):
        return {}
    except nvml.NVMLError as error:  # a driver renewed since the computer started, above all
        return {"driver_fault": str(error).rstrip(".")}
    try:
        version = nvml.nvmlSystemGetCudaDriverVersion_v2()
        return {
            "driver": nvml.nvmlSystemGetDriverVersion(),
            "driver_cuda": (version // 1000, version % 1000 // 10),
            "cards": _list_cards(),
        }
    except nvml.NVMLError as error:
        return {"driver_fault": str(error).rstrip(".")}
    finally:
        nvml.nvmlShutdown()


def _list_cards() -> tuple[Card, ...]:
    import pynvml as nvml

    handles = [nvml.nvmlDeviceGetHandleByIndex(number) for number in range(nvml.nvmlDeviceGetCount())]
    chosen = visible([nvml.nvmlDeviceGetUUID(handle) for handle in handles], os.environ.get("CUDA_VISIBLE_DEVICES"))
    return tuple(
        Card(
            name=nvml.nvmlDeviceGetName(handle),
            memory_bytes=nvml.nvmlDeviceGetMemoryInfo(handle).total,
            capability=nvml.nvmlDeviceGetCudaComputeCapability(handle),
        )
        for handle in (handles[number] for number in chosen)
    )


def visible(uuids: list[str], wish: str | None) -> list[int]:
    """The numbers of the cards that ``CUDA_VISIBLE_DEVICES`` leaves, of those with these ``uuids``.

    CUDA reads the list up to the first entry that names no card; an entry is a number or the beginning of a UUID. A
    slice of a card ("MIG-…") is counted as every card: how much memory it has is seen when the models load.
    Source: https://docs.nvidia.com/cuda/cuda-c-programming-guide/#env-vars
    """
    if wish is None or wish.startswith("MIG-"):
        return list(range(len(uuids)))
    found: list[int] = []
    for entry in (part.strip() for part in wish.split(",")):
        named = [number for number, uuid in enumerate(uuids) if str(number) == entry or _begins(uuid, entry)]
        if len(named) != 1:
            break
        found += named
    return found


def _begins(uuid: str, entry: str) -> bool:
    return entry.startswith("GPU-") and uuid.startswith(entry)


def _find_torch() -> tuple[str, tuple[int, int]]:
    spec = find_spec("torch")
    if spec is None or spec.origin is None:
        return "", (0, 0)
    try:
        return read_build(Path(spec.origin).with_name("version.py").read_text(encoding="utf-8"))
    except OSError:
        return "", (0, 0)


def read_build(source: str) -> tuple[str, tuple[int, int]]:
    """Torch's version and the CUDA it was built for, (0, 0) for none, from its ``version.py``."""
    values = dict(re.findall(r"^(__version__|cuda)\b[^=\n]*= *'([^']*)'", source, re.MULTILINE))
    major, _, minor = values.get("cuda", "0.0").partition(".")
    return values.get("__version__", ""), (int(major), int(minor.partition(".")[0] or 0))
