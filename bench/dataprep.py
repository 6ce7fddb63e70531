"""Time and peak memory of the batch, a stage at a time: ``python -m bench.dataprep [episodes …]``.

Each stage runs in a process of its own, so that its peak memory is its own. The ratio in the last column is
time an episode against the smallest generated show of the same run: linear cost keeps it near 1.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.shows import write_show
from core.settings import DEMO_FOLDER, DEMO_NAME, ROOT

STAGES = {
    "import": ("import",),
    "text": ("run", "--only", "summary", "--only", "image_prompt", "--only", "study", "--only", "style_prompt"),
    "images": ("run",),
    "nothing to do": ("run",),
    "verify": ("verify",),
}


def measure(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Run ``command``; gives seconds and peak resident memory in MB.

    Source: getrusage(2), ``ru_maxrss`` of the child in kB, read by wait4 so that children do not mix.
    """
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    if status:
        raise SystemExit(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    return seconds, usage.ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024)


def bench_show(label: str, source: Path, episodes: int, base: dict[str, float], size: int) -> None:
    """Measure every stage on one show and print a row each."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "CHAMADA_DATA_DIR": folder, "CHAMADA_PROFILE": "draft"}
        environment["CHAMADA_IMAGE_WIDTH"] = str(size)
        environment["CHAMADA_IMAGE_HEIGHT"] = str(size)
        for stage, arguments in STAGES.items():
            extra = [str(source), "--show", "Bench"] if stage == "import" else []
            seconds, memory = measure([sys.executable, "dataprep.py", *arguments, *extra], environment)
            each = seconds / episodes
            ratio = each / base.setdefault(stage, each)
            print(
                f"{label:<14} {stage:<14} {seconds:>9.2f} {1000 * each:>12.1f} {memory:>8.0f} {ratio:>8.2f}", flush=True
            )


def main() -> None:
    """Bundled show first, then generated shows; ratios are against the first generated one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("episodes", nargs="*", type=int, default=[12, 120, 600])
    parser.add_argument("--size", type=int, default=1024, help="width and height of pictures, in pixels")
    options = parser.parse_args()
    print(f"{'show':<14} {'stage':<14} {'seconds':>9} {'ms/episode':>12} {'peak MB':>8} {'ratio':>8}")
    bench_show(DEMO_NAME, DEMO_FOLDER, 12, {}, options.size)
    base: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for episodes in options.episodes:
            source = write_show(Path(folder), episodes)
            bench_show(f"{episodes} episodes", source, episodes, base, options.size)


if __name__ == "__main__":
    main()
