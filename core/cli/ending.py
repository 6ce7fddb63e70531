"""How the program ends: signals caught, every error a sentence and an exit code."""

from __future__ import annotations

import datetime as dt
import signal
import sys
import traceback
from pathlib import Path

from rich.text import Text

from core.cli.terminal import _, app, err, stop
from core.errors import BriefError, Canceled, ChamadaError, ImportFailed, NotFound, SettingsError, StoreError
from core.language import N_, explain
from core.settings import settings


def exit_code(error: ChamadaError) -> int:
    """The exit code of an error that ends the program."""
    if isinstance(error, Canceled):
        return 128 + (stop.signal or signal.SIGINT)
    if isinstance(error, ImportFailed | NotFound | SettingsError | BriefError):
        return 2
    return 3 if isinstance(error, StoreError) else 1


def log_crash() -> Path | None:
    """Keep the traceback of an unexpected error where the user can send it from."""
    try:
        path = settings().data_dir / "chamada-errors.log"
        with path.open("a", encoding="utf-8") as file:
            file.write(f"\n{dt.datetime.now(dt.UTC).isoformat()} {sys.argv[1:]}\n{traceback.format_exc()}")
    except (OSError, ChamadaError):
        return None
    return path


def main() -> int:
    """Run the command line; every error becomes a sentence and an exit code."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop.catch)
    try:
        app()
    except ChamadaError as error:
        language = "en" if isinstance(error, SettingsError) else settings().language
        err.print(Text(explain(error, language)), soft_wrap=True)
        return exit_code(error)
    except KeyboardInterrupt:
        return 130
    except Exception:
        path = log_crash()
        message = N_("Something went wrong that we did not foresee. Nothing stored was lost. Details: {path}")
        err.print(Text(_(message, path=path or "-")), soft_wrap=True)
        return 70
    return 0
