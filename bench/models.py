"""What the model engines' ways of saving time are worth, on the CPU: ``python -m bench.models``.

Random models of 70 million parameters, made on the spot: nothing is downloaded. Each figure is the median of rounds
in which both ways take turns, by processor time with one thread; the range beside it is the noise.
"""

from __future__ import annotations

import argparse
import itertools
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.measure import Comparison, Work, compare
from bench.model_runs import Run, as_notebook, local_settings, open_show, prepare
from bench.random_models import LLAMA_70M, LLAMA_TINY, LLAMA_WIDE, save_chat_model
from bench.text_models import TextModel
from core.engines.sdxl.encoding import PromptEncoder
from core.engines.sdxl.folder import open_pipeline
from core.engines.sdxl.parts import encoders_part
from core.engines.transformers_text import TransformersText
from tests.tiny import save_llama, save_refiner, save_sdxl

HEAD = ("slow ms", "fast ms", "ratio", "low", "high", "by clock", "asked for")


def print_head(title: str, *heads: str) -> None:
    """The first row of a table."""
    print(f"\n{title:<46}", *(f"{head:>9}" for head in heads), flush=True)


def print_ratio(label: str, found: Comparison, floor: float | None = None) -> None:
    """How many times faster the second way is, for each piece of work."""
    wanted = f"≥ {floor}" if floor else ""
    numbers = (found.ratio, found.low, found.high, found.by_clock)
    cells = (f"{found.slow_ms:>9.1f}", f"{found.fast_ms:>9.1f}", *(f"{number:>9.2f}" for number in numbers))
    print(f"{label:<46}", *cells, f"{wanted:>9}", flush=True)


def measure_warm(slow: Work, fast: Work, rounds: int) -> Comparison:
    """Compare after each way has been tried once, for the first call of anything is slower."""
    slow()
    fast()
    return compare(slow, fast, rounds)


def bench_text(folder: Path, rounds: int, *, tiny: bool) -> None:
    """The text engine: a prefix read once, a batch, both."""
    shape = LLAMA_TINY if tiny else LLAMA_70M
    model = TextModel(TransformersText(save_chat_model(folder / "llama", shape)), **TINY if tiny else {})
    print_head("text, for each answer", *HEAD)
    found = measure_warm(model.questions_anew, model.questions_on_prefix, rounds)
    print_ratio("6 questions on 2k tokens: prefix read once", found, 2.5)
    print_ratio("8 prompts: one batch", measure_warm(model.scenes_one_by_one, model.scenes_in_batch, rounds), 2.5)
    print_ratio("6 questions: both", measure_warm(model.questions_anew, model.questions_in_batch, rounds))


def bench_grammar(folder: Path, rounds: int, *, tiny: bool) -> None:
    """What a token costs more under a schema, with a small and with Llama 3's vocabulary, and how often it is kept."""
    print_head("grammar, for each token", "held ms", "free ms", "ratio", "low", "high", "by clock", "asked for")
    for shape in (LLAMA_TINY,) if tiny else (LLAMA_70M, LLAMA_WIDE):
        path = save_chat_model(folder / f"llama-{shape['vocab_size']}", shape)
        model = TextModel(TransformersText(path), **TINY if tiny else {"transcript_tokens": 0})
        found = measure_warm(model.held_to_schema, model.free, rounds)
        print_ratio(f"vocabulary of {shape['vocab_size']:,}", found)
        print(f"{'':<46}", f"a token costs {100 * (found.ratio - 1):+.1f} % (asked for: at most 10 %)")
    # A grammar is kept or broken whatever the model's size
    path = save_chat_model(folder / "llama-objects", LLAMA_TINY if tiny else {**LLAMA_TINY, "vocab_size": 128_256})
    valid, asked = TextModel(TransformersText(path), transcript_tokens=0).count_valid(2 if tiny else 30)
    print(f"{'objects of the six shapes that are asked for':<46}", f"{valid} of {asked} valid (asked for: all)")


def bench_encoder(models: Path, rounds: int) -> None:
    """Five prompts with the same negative one, two pictures of each: read by tiny encoders once, or each time."""
    folder = open_pipeline(models / "sdxl", "base")
    part = encoders_part(folder, None)
    part.load()

    rounds_so_far = itertools.count()

    def read(reader: PromptEncoder) -> float:
        season = next(rounds_so_far)
        for number in range(10):
            reader.encode(f"A lighthouse above a stormy sea, poster {number % 5} of season {season}", "text, letters")
        return 10

    kept, forgetful = PromptEncoder(folder, None, part), PromptEncoder(folder, None, part, capacity=0)
    print_head("prompts of pictures, for each", *HEAD)
    found = measure_warm(lambda: read(forgetful), lambda: read(kept), rounds)
    print_ratio("10 pictures of 5 prompts: embeddings kept", found)


def bench_shows(models: Path, folder: Path, sizes: Sequence[int], notebook: int) -> None:
    """Loads and moves of runs of growing length, and a run as a notebook does it, by tiny models in 30 MB."""
    print_head("a show of episodes", "made", "failed", "seconds", "processor", "each", "loads", "moves")

    def run(episodes: int, *, by_notebook: bool = False) -> Run:
        library = folder / f"library-{episodes}-{by_notebook}"
        # Encoders, base, refiner and VAE do not fit together with the text model: they take turns
        settings = local_settings(models, library, gpu_memory_gb=0.03)
        with open_show(settings, episodes, folder) as studio:
            if by_notebook:
                as_notebook(studio)
            done = prepare(studio, episodes)
        loads, moves = (
            ("each", "") if by_notebook else (max(done.report.loads.values()), sum(done.report.moves.values()))
        )
        label = f"{episodes} episodes{', as a notebook does' if by_notebook else ''}"
        seconds = (f"{number:>9.1f}" for number in (done.seconds, done.processor_s, done.processor_s / episodes))
        print(f"{label:<46} {done.made:>9} {done.failed:>9}", *seconds, f"{loads:>9} {moves:>9}", flush=True)
        return done

    for episodes in sizes:
        run(episodes)
    ours, theirs = run(notebook), run(notebook, by_notebook=True)
    print(f"{'':<46} {theirs.processor_s / ours.processor_s:.1f} times the notebook's speed (asked for: at least 3)")


TINY = {"transcript_tokens": 300, "new_tokens": 24}


def make_tiny_models(folder: Path) -> Path:
    """Tiny models of every role in ``folder``."""
    save_llama(folder / "llama")
    save_sdxl(folder / "sdxl")
    save_refiner(folder / "refiner")
    return folder


PARTS = ("text", "grammar", "encoder", "shows")


def main() -> None:
    """Text, grammar, prompts of pictures, whole shows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="what to measure; all if none is named")
    parser.add_argument("--rounds", type=int, default=5, help="how often each pair is measured")
    parser.add_argument("--tiny", action="store_true", help="with tiny models and one round: does it run at all?")
    options = parser.parse_args()
    import torch
    import transformers

    transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    torch.set_num_threads(1)
    rounds = 1 if options.tiny else options.rounds
    wanted = options.parts or PARTS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if "text" in wanted:
            bench_text(folder, rounds, tiny=options.tiny)
        if "grammar" in wanted:
            bench_grammar(folder, rounds, tiny=options.tiny)
        if {"encoder", "shows"} & set(wanted):
            models = make_tiny_models(folder / "tiny")
        if "encoder" in wanted:
            bench_encoder(models, rounds)
        if "shows" in wanted:
            sizes, notebook = ((1,), 1) if options.tiny else ((2, 20, 200), 8)
            bench_shows(models, folder, sizes, notebook)


if __name__ == "__main__":
    main()
