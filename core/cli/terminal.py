"""What every command shares: the app, words on the terminal, a polite stop, progress and the open studio."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

from core.errors import StoreError
from core.language import translator
from core.settings import settings

if TYPE_CHECKING:
    from core.studio import Studio

HELP = """The offline batch: import a show, summarise and illustrate it, make campaigns, look after the library.

Exit codes: 0 done; 1 some items failed or faults were found; 2 wrong usage or input that cannot be used;
3 the library cannot be opened or written; 70 an error of ours (written to a log); 130 Ctrl-C; 143 SIGTERM.
"""

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=HELP)
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

ShowOption = Annotated[str, typer.Option("--show", help="The show's name.")]


def _(message: str, **values: object) -> str:
    """The message in the user's language, filled in."""
    return translator(settings().language)(message).format(**values)


def say(message: str, **values: object) -> None:
    """Print one line; a Text, so that data cannot act as markup."""
    out.print(Text(_(message, **values)), soft_wrap=True)


def tell_engines(studio: Studio) -> None:
    """One line on which engines serve, and why."""
    choice = studio.engines.choice
    why = " ".join(_(reason.message, **reason.values) for reason in choice.why)
    say("Profile {profile}. {why}", profile=choice.profile, why=why)


class Stop:
    """Turns the first Ctrl-C or SIGTERM into a polite stop; a second Ctrl-C stops at once."""

    def __init__(self) -> None:
        self.signal = 0

    def __call__(self) -> bool:
        """Whether a stop was asked for."""
        return self.signal != 0

    def catch(self, number: int, frame: FrameType | None) -> None:
        """The signal handler."""
        if self.signal and number == signal.SIGINT:
            raise KeyboardInterrupt
        self.signal = number


stop = Stop()


@contextmanager
def open_studio(*, create: bool = True) -> Iterator[Studio]:
    """The library of the settings, closed afterwards."""
    from core.studio import Studio

    studio = Studio.open(create=create)
    try:
        yield studio
    finally:
        studio.close()


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A bar with counts and time left, on stderr so that output can be piped."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, transient=True) as bar:
        yield bar


def write_file(path: Path, data: bytes, *, make_folder: bool = False) -> None:
    """Write a file whole or not at all.

    Raises:
        StoreError: the folder cannot be written.
    """
    unfinished = path.with_name(f".{path.name}.tmp")
    try:
        if make_folder:
            path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(data)
        unfinished.replace(path)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise StoreError(
            "{path} cannot be written: {why}. Choose another --out.", path=path, why=error.strerror or error
        ) from error
