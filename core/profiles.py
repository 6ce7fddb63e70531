"""Which engines serve: the best that settings, machine and models on disk allow, and why in a sentence or two."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, NamedTuple

from core.errors import ChamadaError
from core.language import N_
from core.machine import Card, Machine
from core.settings import Settings

Profile = Literal["draft", "t4", "gpu", "remote"]
Role = Literal["text", "image", "refiner"]

GB = 2**30
"""Bytes: a card's gigabytes, as NVIDIA counts them."""

ALL_RESIDENT = 22 * GB
"""A card from which on every model stays: Llama 3 8B in 4 bits takes 5.7 GB, SDXL's base and refiner 11.5 GB."""

SMALLEST = 7 * GB
"""The smallest card on which the models can take turns: SDXL's base alone takes 5 GB, and its work needs room."""

T4 = 15 * GB
"""What the profile t4 takes at most: a Tesla T4's memory."""

TURING = (7, 5)
"""The oldest capability that CUDA 13 serves.

Source: https://docs.nvidia.com/cuda/archive/13.0.0/cuda-toolkit-release-notes/
"""


class Reason(NamedTuple):
    """A sentence for the screen: a gettext id and its values."""

    message: str
    values: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True)
class EngineChoice:
    """Which engines serve, and why.

    Attributes:
        text: who writes; image: who paints.
        device: where models run.
        memory_bytes: the most that models may take there; None for all there is.
        problem: what keeps the engines that the settings ask for from working; whoever needs one gets it as an error.
    """

    profile: Profile = "draft"
    text: Literal["draft", "remote", "model"] = "draft"
    image: Literal["draft", "model"] = "draft"
    device: Literal["cuda", "cpu"] = "cuda"
    memory_bytes: int | None = None
    why: tuple[Reason, ...] = ()
    problem: Reason | None = None

    @property
    def has_models(self) -> bool:
        """Whether a model runs on this machine: it has room for one worker, then."""
        return "model" in (self.text, self.image)


LEADS = {
    ("draft", "draft"): N_("The draft engines write and paint: they need no download and no graphics card."),
    ("model", "draft"): N_("A model writes on the {card}; the draft engine paints."),
    ("draft", "model"): N_("A model paints on the {card}; the draft engine writes."),
    ("remote", "draft"): N_(
        "A server writes the texts. The draft engine paints, and writes where the server's copy keeps failing its "
        "checks."
    ),
    ("remote", "model"): N_(
        "A server writes the texts, and a model paints on the {card}. The draft engine writes where the server's copy "
        "keeps failing its checks."
    ),
}
"""What is said first, by who writes and who paints; where both are models, it depends on the device."""


def choose(
    settings: Settings, machine: Machine, lacks: Callable[[Role], ChamadaError | None] = lambda role: None
) -> EngineChoice:
    """The engines for ``settings`` on ``machine``.

    Args:
        lacks: what is wrong with a role's model on disk; asked only where the machine could run it.
    """
    if settings.profile == "draft":
        return EngineChoice(why=(Reason(N_("The settings ask for the draft engines.")),))
    asked = settings.profile if settings.profile in ("t4", "gpu") else None
    remote = bool(settings.openai_base_url and settings.openai_model) and not asked
    hindrance = _hindrance(settings, machine) or (None if asked else _against_it(settings, machine))
    missing = {} if hindrance else dict(_missing(settings, lacks, () if remote else ("text",)))
    problem = (hindrance or missing.get("text") or missing.get("image")) if asked else None
    text_works, image_works = (not hindrance and role not in missing for role in ("text", "image"))
    text: Literal["draft", "remote", "model"] = "remote" if remote else "model" if asked or text_works else "draft"
    image: Literal["draft", "model"] = "model" if asked or image_works else "draft"
    return EngineChoice(
        profile=asked or _name(settings, machine, text, image),
        text=text,
        image=image,
        device="cpu" if settings.device == "cpu" else "cuda",
        memory_bytes=_limit(settings),
        why=(problem,) if problem else (_lead(settings, machine, text, image), *_causes(hindrance, missing, image)),
        problem=problem,
    )


def _name(settings: Settings, machine: Machine, text: str, image: str) -> Profile:
    if text == "remote":
        return "remote"
    if "model" not in (text, image):
        return "draft"
    return "gpu" if _usable_bytes(settings, machine.card) >= ALL_RESIDENT else "t4"


def _lead(settings: Settings, machine: Machine, text: str, image: str) -> Reason:
    if (text, image) != ("model", "model"):
        return Reason(LEADS[text, image], {"card": machine.card.name if machine.card else ""})
    if settings.device == "cpu" or machine.card is None:
        return Reason(N_("The models run on the processor, as the settings say; a picture takes minutes."))
    named = {"card": machine.card.name, "memory": round(_usable_bytes(settings, machine.card) / GB)}
    if _usable_bytes(settings, machine.card) >= ALL_RESIDENT:
        return Reason(N_("The models write and paint on the {card}, whose {memory} GB hold them all at once."), named)
    return Reason(N_("The models write and paint on the {card}, taking turns in its {memory} GB."), named)


def _causes(hindrance: Reason | None, missing: Mapping[Role, Reason], image: str) -> Iterator[Reason]:
    """Why it is not better."""
    if hindrance:
        yield hindrance
    for role, reason in missing.items():
        if role != "refiner":
            yield reason
        elif image == "model":
            yield reason
            yield Reason(N_("Until then the pictures do without the refiner."))


def _missing(
    settings: Settings, lacks: Callable[[Role], ChamadaError | None], first: tuple[Role, ...]
) -> Iterator[tuple[Role, Reason]]:
    roles: tuple[Role, ...] = ("image", "refiner") if settings.refiner_model else ("image",)
    for role in first + roles:
        error = lacks(role)
        if error is not None:
            yield role, Reason(error.message, error.values)


def _limit(settings: Settings) -> int | None:
    """Bytes that the settings let the models take; None for all there is."""
    own = int(settings.gpu_memory_gb * GB)
    return min(own or T4, T4) if settings.profile == "t4" else own or None


def _usable_bytes(settings: Settings, card: Card | None) -> int:
    there = card.memory_bytes if card else 0
    return min(there, _limit(settings) or there)


def _hindrance(settings: Settings, machine: Machine) -> Reason | None:
    """What keeps every model from running here, with its remedy."""
    on_card = settings.device != "cpu"
    if on_card and machine.driver_fault:
        return Reason(
            N_(
                "The graphics card's driver does not answer: {why}. Restart the computer; if it stays, install the "
                "driver again."
            ),
            {"why": machine.driver_fault},
        )
    if on_card and machine.card is None:
        if settings.profile in ("t4", "gpu"):
            return Reason(
                N_(
                    "CHAMADA_PROFILE={profile} needs an NVIDIA graphics card, and there is none here. Set "
                    "CHAMADA_PROFILE=auto, or CHAMADA_DEVICE=cpu to let the processor do it, slowly."
                ),
                {"profile": settings.profile},
            )
        return Reason(N_("There is no NVIDIA graphics card here."))
    if machine.lacking:
        return Reason(
            N_("The models need packages that are not installed: {names}. Run: pip install -r requirements.txt"),
            {"names": ", ".join(machine.lacking)},
        )
    return _mismatch(machine, machine.card) if on_card and machine.card else None


def _mismatch(machine: Machine, card: Card) -> Reason | None:
    """What in the torch that is installed, the driver and the card does not go together."""
    named: dict[str, object] = {
        "card": card.name,
        "driver": machine.driver,
        "serves": "{}.{}".format(*machine.driver_cuda),
        "needs": "{}.{}".format(*machine.torch_cuda),
    }
    if machine.torch_cuda == (0, 0):
        return Reason(
            N_(
                "The torch that is installed works on the processor alone, so the {card} is idle. Install torch with "
                "CUDA: pytorch.org says how."
            ),
            named,
        )
    # Within a major version of CUDA, older drivers serve newer programs.
    # Source: https://docs.nvidia.com/deploy/cuda-compatibility/minor-version-compatibility.html
    if machine.driver_cuda[0] < machine.torch_cuda[0]:
        return Reason(
            N_(
                "The {card}'s driver {driver} serves CUDA {serves}, and the torch that is installed needs {needs}. "
                "Update the driver."
            ),
            named,
        )
    if machine.torch_cuda[0] >= 13 and card.capability < TURING:
        return Reason(
            N_("The {card} is older than CUDA {needs} serves. Install torch with CUDA 12.6: pytorch.org says how."),
            named,
        )
    return None


def _against_it(settings: Settings, machine: Machine) -> Reason | None:
    """What speaks against models where nobody asked for them."""
    if settings.device == "cpu":
        return Reason(
            N_(
                "CHAMADA_DEVICE=cpu keeps models off the graphics card; on the processor a picture takes minutes. "
                "CHAMADA_PROFILE=gpu lets them run there all the same."
            )
        )
    has = _usable_bytes(settings, machine.card)
    if has >= SMALLEST:
        return None
    return Reason(
        N_("The models may take {has} GB of the graphics card, and need {needed} GB."),
        {"has": round(has / GB, 1), "needed": SMALLEST // GB},
    )
