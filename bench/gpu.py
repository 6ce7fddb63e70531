"""Speed and memory on a graphics card, at true shape with random weights: ``python -m bench.gpu``.

Llama 3 8B in 4 bits and SDXL base + refiner are written to disk once (30 GB), then loaded and run by the engines
themselves, with the memory of a T4 and with all there is. Prints a table and writes JSON. Each part runs in a process
of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from bench.model_runs import local_settings, open_show, prepare
from bench.random_models import LLAMA_8B, LLAMA_TINY, save_chat_model
from bench.random_sdxl import save_sdxl_pair
from bench.text_models import TextModel
from core.domain.campaign import Brief
from core.domain.generation import ImageRequest, Sampling, Scene
from core.engines.base import TextOptions
from core.engines.diffusers_image import DiffusersImage
from core.engines.residency import Residency
from core.engines.sdxl.presets import PRESETS, read_preset
from core.engines.transformers_text import TransformersText
from core.machine import look_around
from core.profiles import T4
from core.settings import ROOT

Row = dict[str, Any]
"""``what``, and of ``first_s``, ``then_s``, ``tokens_s``, ``peak_gb``, ``note`` those that apply."""

COLUMNS = {"memory": 7, "first_s": 9, "then_s": 9, "tokens_s": 9, "peak_gb": 8}
SCENE = Scene(subject="A lighthouse above a stormy sea at night")
PROMPT = "A lighthouse above a stormy sea at night, a small boat below, flat poster illustration"


class Bench:
    """One profile's measurements: ``t4`` has 15 GB, ``gpu`` all there is.

    Args:
        models: the folder of ``llama``, ``sdxl`` and ``refiner``.
        tiny: on the CPU, with tiny models: does it run at all?
    """

    def __init__(self, models: Path, profile: str, *, tiny: bool) -> None:
        self.models, self.profile, self.tiny = models, profile, tiny
        self.side = 128 if tiny else 1024
        self.residency = Residency(T4 if profile == "t4" else None, device="cpu" if tiny else "cuda")

    def peak_gb(self, residency: Residency | None = None) -> float:
        """The most that was taken so far."""
        return round((residency or self.residency).report.peak_bytes / 2**30, 2)

    def text(self) -> Iterator[Row]:
        """Loading, and tokens a second alone and eight at a time."""
        engine = TransformersText(self.models / "llama", residency=self.residency)
        seconds = timed(engine.load)
        yield {"what": "Llama: load", "first_s": seconds, "peak_gb": self.peak_gb()}
        model = TextModel(engine, transcript_tokens=0, new_tokens=16 if self.tiny else 128)
        options = TextOptions(max_new_tokens=4 * model.new_tokens)
        for prompts in (model.scenes[:1], model.scenes):
            tokens: list[int] = []

            def answer(prompts: list[Any] = prompts, tokens: list[int] = tokens) -> None:
                results = engine.generate_many(prompts, model.long, options)
                tokens.append(sum(result.new_tokens or 0 for result in results))

            answer()
            seconds = statistics.median(timed(answer) for _ in range(1 if self.tiny else 3))
            rate = round(tokens[-1] / seconds, 1)
            yield {"what": f"Llama: batch of {len(prompts)}", "tokens_s": rate, "peak_gb": self.peak_gb()}

    def images(self) -> Iterator[Row]:
        """A picture by each preset, and by what may be added to one; then four together."""
        engine = DiffusersImage(self.models / "sdxl", self.models / "refiner", residency=self.residency)
        for name, sampling in samplings():
            request = self._request(sampling)
            results: list[Any] = []

            def paint(request: ImageRequest = request, results: list[Any] = results) -> None:
                results.append(engine.generate(request))

            first = timed(paint)
            then = statistics.median(timed(paint) for _ in range(1 if self.tiny else 2))
            ran = results[-1].ran
            note = f"{ran['base_steps']} + {ran['refiner_steps']} steps"
            note += f", gave up {ran['rungs']}" if ran["rungs"] else ""
            yield {"what": name, "first_s": first, "then_s": then, "peak_gb": self.peak_gb(), "note": note}
        requests = [self._request(read_preset("equilibrado"), seed) for seed in range(4)]
        seconds = timed(lambda: list(engine.generate_many(requests)))
        yield {"what": "equilibrado: each of 4", "then_s": seconds / 4, "peak_gb": self.peak_gb()}

    def product(self) -> Iterator[Row]:
        """Campaigns and a show of ten episodes, from the brief and the transcripts to what is stored."""
        with tempfile.TemporaryDirectory() as folder:
            shape = {"profile": self.profile, "image_width": self.side, "image_height": self.side}
            shape |= {} if self.tiny else {"device": "auto"}
            settings = local_settings(self.models, Path(folder) / "library", **shape)
            episodes = 1 if self.tiny else 10
            with open_show(settings, episodes, Path(folder)) as studio:
                brief = Brief(topic="Pão quente", call_to_action="Peça o seu.", width=self.side, height=self.side)
                first, then = (timed(lambda: studio.desk.create(brief)) for _ in range(2))
                residency = studio.engines.residency
                yield {"what": "a campaign", "first_s": first, "then_s": then, "peak_gb": self.peak_gb(residency)}
                run = prepare(studio, episodes)
                moves = sum(run.report.moves.values())
                note = f"{run.made} things made, {run.failed} failed; loads {run.report.loads}, {moves} moves"
                what = f"{episodes} episodes, each"
                yield {
                    "what": what,
                    "then_s": run.seconds / episodes,
                    "peak_gb": self.peak_gb(residency),
                    "note": note,
                }

    def _request(self, sampling: Sampling, seed: int = 0) -> ImageRequest:
        options = sampling.model_dump()
        return ImageRequest(
            **options, scene=SCENE, prompt=PROMPT, negative_prompt="text", seed=seed, width=self.side, height=self.side
        )


def samplings() -> Iterator[tuple[str, Sampling]]:
    """What is measured of pictures: each preset, and what can be added to one."""
    for name in PRESETS:
        yield name, read_preset(name)
    few = read_preset("rascunho", ("hyper-8",))
    yield "rascunho: its 8 steps", few.model_copy(update={"lora": ""})
    usual = read_preset("equilibrado")
    yield "equilibrado + DeepCache 3", usual.model_copy(update={"cache_interval": 3})
    yield "equilibrado, half guided", usual.model_copy(update={"guidance_end": 0.5})


PARTS: dict[str, Callable[[Bench], Iterator[Row]]] = {
    "text": Bench.text,
    "images": Bench.images,
    "product": Bench.product,
}


def timed(work: Callable[[], object]) -> float:
    """Seconds that ``work`` takes; the engines hand over results, so the card is done by then."""
    started = time.perf_counter()
    work()
    return round(time.perf_counter() - started, 3)


def make_models(folder: Path, *, tiny: bool) -> None:
    """Write the models that ``folder`` lacks; the card draws their weights where it has the room."""
    import torch

    from tests.tiny import save_refiner, save_sdxl

    roomy = torch.cuda.is_available() and torch.cuda.mem_get_info()[0] > 20 * 2**30
    device = "cuda" if roomy and not tiny else "cpu"
    done = folder / "done"
    if done.exists():
        return
    save_chat_model(folder / "llama", LLAMA_TINY if tiny else LLAMA_8B, device)
    if tiny:
        save_sdxl(folder / "sdxl")
        save_refiner(folder / "refiner")
    else:
        save_sdxl_pair(folder, device)
    done.touch()


def measure(options: argparse.Namespace) -> Iterator[Row]:
    """The rows of every part and profile; a part that fails is a row that says so."""
    for part in options.parts:
        for profile in ("t4", "gpu"):
            command = [sys.executable, "-m", "bench.gpu", "--models", str(options.models), "--run", profile, part]
            command += ["--tiny"] if options.tiny else []
            with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
                for line in process.stdout or ():
                    yield {"memory": "15 GB" if profile == "t4" else "all", **json.loads(line)}
            if process.returncode:
                yield {"memory": profile, "what": part, "note": f"ended with {process.returncode}; see above"}


def show(row: Row) -> str:
    """A row of the table."""
    cells = []
    for name, width in COLUMNS.items():
        value = row.get(name, "")
        cells.append(f"{value:>{width}.2f}" if isinstance(value, float) else f"{value!s:>{width}}")
    return f"{row['what']:<27} {' '.join(cells)}  {row.get('note', '')}".rstrip()


def main() -> None:
    """Every part by each profile; with no card, one line that says so."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, default=ROOT / "build" / "bench-models", help="where the models go")
    parser.add_argument("--json", type=Path, default=ROOT / "build" / "bench-gpu.json", help="where the figures go")
    parser.add_argument("--parts", nargs="*", choices=PARTS, default=list(PARTS), help="what to measure")
    parser.add_argument("--tiny", action="store_true", help="on the CPU with tiny models: does it run at all?")
    parser.add_argument("--run", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    import torch
    import transformers

    transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    if not (options.tiny or torch.cuda.is_available()):
        print("No NVIDIA card that torch can use: not yet measured.")
        return
    if options.run:
        profile, part = options.run
        for row in PARTS[part](Bench(options.models, profile, tiny=options.tiny)):
            print(json.dumps(row), flush=True)
        return
    machine = look_around(ROOT)
    card = machine.card.name if machine.card else "the processor"
    about = {"card": card, "driver": machine.driver, "torch": torch.__version__, "date": str(dt.date.today())}
    print(", ".join(f"{name} {value}" for name, value in about.items() if value))
    make_models(options.models, tiny=options.tiny)
    print(f"{'':<27} {' '.join(f'{name:>{width}}' for name, width in COLUMNS.items())}", flush=True)
    rows = []
    for row in measure(options):
        rows.append(row)
        print(show(row), flush=True)
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps({**about, "rows": rows}, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
