"""Starts workers as processes of their own, which outlive whoever started them."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING

from pydantic import SecretStr

from core.errors import ChamadaError
from core.settings import ROOT, Settings

if TYPE_CHECKING:
    from core.store.seats import Seats

log = logging.getLogger("chamada.worker")

STARTS_APART_S = 2.0
"""A worker that ends at once is not started again sooner, in seconds."""

LONGEST_LOG = 1_000_000
"""Bytes after which a worker's log begins anew; the one before is kept."""

COMMAND = (sys.executable, str(ROOT / "dataprep.py"), "worker")


class WorkerStarter:
    """Keeps a library's seats taken; safe to share between threads, and between processes with one library.

    Args:
        command: what a worker is; it gets the settings as environment variables.
    """

    def __init__(self, settings: Settings, seats: Seats, command: Sequence[str] = COMMAND) -> None:
        self._settings = settings
        self._seats = seats
        self._command = command
        self._lock = threading.Lock()
        self._watches: dict[int, threading.Thread] = {}
        self._started: dict[int, float] = {}

    def ensure_workers(self) -> None:
        """Start a worker for each seat that is free. Cheap where none is: call it with every click.

        Raises:
            ChamadaError: the system does not let us start a process.
        """
        with self._lock:
            for number in range(self._settings.workers):
                if not self._is_served(number):
                    self._started[number] = time.monotonic()
                    self._watches[number] = self._start()

    def _is_served(self, number: int) -> bool:
        watch = self._watches.get(number)
        if watch is not None and watch.is_alive():  # sits there, or is about to
            return True
        if time.monotonic() - self._started.get(number, -STARTS_APART_S) < STARTS_APART_S:
            return True
        return not self._seats.is_free(number)

    def _start(self) -> threading.Thread:
        folder = self._settings.data_dir
        try:
            with _open_log(folder / "worker.log") as out:
                process = subprocess.Popen(  # noqa: S603 - our own command
                    self._command,
                    env={**os.environ, **as_environment(self._settings)},
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=out,
                    start_new_session=True,  # so that Ctrl-C in the dashboard's terminal does not reach it
                )
        except OSError as error:
            raise ChamadaError(
                "The worker cannot be started ({why}). Close other programs, then try again.",
                why=error.strerror or error,
            ) from error
        log.info("Worker %d started.", process.pid)
        watch = threading.Thread(target=process.wait, name=f"worker {process.pid}", daemon=True)  # leaves no zombie
        watch.start()
        return watch


def as_environment(settings: Settings) -> dict[str, str]:
    """The environment variables that give another process these settings."""
    values = settings.model_dump() | {"data_dir": settings.data_dir.resolve()}
    said = {name: value.get_secret_value() if isinstance(value, SecretStr) else value for name, value in values.items()}
    return {f"CHAMADA_{name.upper()}": str(value) for name, value in said.items()}


def _open_log(path: Path) -> IO[bytes]:
    if path.exists() and path.stat().st_size > LONGEST_LOG:
        path.replace(path.with_suffix(".log.1"))
    return path.open("ab")
