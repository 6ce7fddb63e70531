"""The offline batch: import a show, summarise and illustrate it, look after the library.

Exit codes: 0 done; 1 some items failed or damage was found; 2 wrong usage or input that cannot be imported;
3 the library cannot be opened or written; 70 an error of ours (written to a log); 130 Ctrl-C; 143 SIGTERM.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from core.domain.generation import Step
from core.errors import Canceled, ChamadaError, ImportFailed, NotFound, SettingsError, StoreError
from core.language import N_, explain, translator
from core.settings import BUNDLED, settings

if TYPE_CHECKING:
    from core.chains.plan import Plan
    from core.ingest import Reading
    from core.studio import Studio

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

STEP_NAMES = {
    Step.SUMMARY: N_("summaries"),
    Step.IMAGE_PROMPT: N_("image prompts"),
    Step.ILLUSTRATION: N_("episode illustrations"),
    Step.STUDY: N_("season studies"),
    Step.STYLE_PROMPT: N_("season image prompts"),
    Step.STYLE_ILLUSTRATION: N_("season illustrations"),
}

ShowOption = Annotated[str, typer.Option("--show", help="The show's name.")]


def _(message: str, **values: object) -> str:
    """The message in the user's language, filled in."""
    return translator(settings().language)(message).format(**values)


def say(message: str, **values: object) -> None:
    """Print one line; a Text, so that data cannot act as markup."""
    out.print(Text(_(message, **values)), soft_wrap=True)


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


# Import


@app.command("import")
def import_show(
    path: Annotated[Path, typer.Argument(help="A file or folder: CSV, JSON, SRT, VTT or screenplay text.")],
    show: ShowOption,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be imported; store nothing.")] = False,
) -> None:
    """Read episodes from PATH into the library. Importing the same again changes nothing."""
    from core import ingest

    with progress_bar() as bar:
        reading_bar = bar.add_task(_("Reading"), total=None)

        def on_read(done: int, total: int) -> None:
            if stop():
                raise Canceled("Stopped before anything was stored.")
            bar.update(reading_bar, completed=done, total=total)

        reading = ingest.read(path, show, on_read)
    say("Taken for {what}.", what=_(reading.description))
    report_reading(reading, rows=dry_run)
    if dry_run:
        say("Dry run: nothing was stored.")
        return
    with open_studio() as studio, progress_bar() as bar:
        storing_bar = bar.add_task(_("Storing"), total=len(reading.episodes))

        def on_episode(key: str, what: str) -> None:
            bar.advance(storing_bar)
            if stop():
                raise Canceled("Stopped. What was stored is kept; import again to go on.")

        counts = studio.import_episodes(reading.info, reading.episodes, on_episode)
    say(
        "Episodes: {added} added, {replaced} replaced, {unchanged} unchanged.",
        added=counts.added,
        replaced=counts.replaced,
        unchanged=counts.unchanged,
    )


def report_reading(reading: Reading, *, rows: bool) -> None:
    """What was read, kept and dropped, and why; with ``rows``, the first of them."""
    report = reading.report
    seasons = {episode.season for episode in reading.episodes}
    say(
        "Files: {files}. Rows: {read} read, {kept} kept. Episodes: {episodes}. Seasons: {seasons}.",
        files=len(report.files),
        read=report.rows_read,
        kept=report.rows_kept,
        episodes=len(reading.episodes),
        seasons=len(seasons),
    )
    for reason, count in report.dropped.items():
        say("Dropped: {count} ({reason}).", count=count, reason=_(reason))
    for note in report.notes:
        out.print(Text(_(note.message, **note.values)), soft_wrap=True)
    if not rows:
        return
    table = Table(box=None, pad_edge=False)
    for name in (N_("episode"), N_("scene"), N_("kind"), N_("speaker"), N_("text")):
        table.add_column(_(name))
    for key, line in report.first_rows:
        cells = (key, str(line.scene), line.kind.value, line.speaker or "", line.text)
        table.add_row(*(Text(cell, no_wrap=True, overflow="ellipsis") for cell in cells))
    out.print(table)


# Run


def planned(steps: list[Step] | None) -> list[Step] | None:
    """Refuse the steps that are never planned by themselves: a study's answers and follow-ups."""
    for step in steps or ():
        if step not in STEP_NAMES:
            raise typer.BadParameter(f"{step.value} is part of {Step.STUDY.value}; ask for that.")
    return steps


@app.command()
def run(
    show: Annotated[str | None, typer.Option("--show", help="Only this show.")] = None,
    season: Annotated[int | None, typer.Option("--season", help="Only this season.")] = None,
    only: Annotated[
        list[Step] | None, typer.Option("--only", help="Only this step; may be repeated.", callback=planned)
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Make a new version of what is there; keep the old.")] = False,
    plan_only: Annotated[bool, typer.Option("--plan", help="Say what would be made; make nothing.")] = False,
) -> None:
    """Make what is missing: summaries, image prompts and illustrations of episodes and seasons."""
    failed = 0
    with open_studio() as studio:
        shows = [studio.show(show)] if show else studio.shows()
        if not shows:
            say('The library is empty. Start with: python dataprep.py import PATH --show "NAME"')
        for item in shows:
            if season is not None and season not in [known.number for known in studio.list_seasons(item.id)]:
                raise NotFound('"{show}" has no season {season}.', show=item.name, season=season)
            plan = studio.plan(item, season=season, only=frozenset(only or ()), force=force)
            tell_plan(plan)
            if plan.tasks and not plan_only:
                failed += run_plan(studio, plan)
    if failed:
        raise typer.Exit(1)


def tell_plan(plan: Plan) -> None:
    """One line on what is there and what will be made."""
    if plan.tasks:
        parts = [f"{count} {_(name)}" for step, name in STEP_NAMES.items() if (count := plan.count(step))]
        say(
            "{show}: to make: {parts}; {done} already there.",
            show=plan.show.name,
            parts=", ".join(parts),
            done=plan.complete,
        )
    else:
        say("{show}: nothing to make, {done} already there.", show=plan.show.name, done=plan.complete)
    if plan.waiting:
        say("{count} more wait for a step that --only leaves out.", count=plan.waiting)


def run_plan(studio: Studio, plan: Plan) -> int:
    """Run ``plan`` with a bar a step; gives how many tasks failed."""
    from core.chains.preparation import Progress as Step_

    with progress_bar() as bar:
        bars = {
            step: bar.add_task(_(name), total=count, visible=False)
            for step, name in STEP_NAMES.items()
            if (count := plan.count(step))
        }

        def on_progress(progress: Step_) -> None:
            bar.update(bars[progress.task.step], advance=1, visible=True)
            if progress.error:
                text = explain(progress.error, settings().language)
                err.print(Text(f"{progress.task.label}: {text}"), soft_wrap=True)

        outcome = studio.prepare(plan, on_progress, stop)
    say(
        "{show}: {made} made, {kept} taken up again, {failed} failed.",
        show=plan.show.name,
        made=outcome.made,
        kept=outcome.kept,
        failed=len(outcome.failed),
    )
    return len(outcome.failed)


@app.command()
def demo() -> None:
    """Import and prepare the bundled show, if the library is empty."""
    from core import ingest

    with open_studio() as studio:
        if studio.shows():
            return
        say("The library is empty: preparing the bundled show, about a minute.")
        folder = BUNDLED / "shows" / "mare-alta"
        reading = ingest.read(folder, "Maré Alta")
        studio.import_episodes(reading.info, reading.episodes)
        plan = studio.plan(studio.show("Maré Alta"))
        if run_plan(studio, plan):
            raise typer.Exit(1)


# Care


@app.command()
def status() -> None:
    """What the library holds and what is missing."""
    with open_studio() as studio:
        shows = studio.shows()
        table = Table(box=None, pad_edge=False)
        headings = (
            N_("show"),
            N_("seasons"),
            N_("episodes"),
            N_("summarized"),
            N_("illustrated"),
            N_("season posters"),
        )
        for name in (*headings, N_("missing")):
            table.add_column(_(name))
        for show in shows:
            missing = sum(studio.missing(show.id).values())
            counts = (show.seasons, show.episodes, show.summarized, show.illustrated, show.season_posters, missing)
            table.add_row(Text(show.name), *(str(count) for count in counts))
    if shows:
        out.print(table)
    else:
        say('The library is empty. Start with: python dataprep.py import PATH --show "NAME"')


@app.command()
def verify() -> None:
    """Re-hash every row and file; exit code 1 if anything does not match."""
    with open_studio(create=False) as studio, progress_bar() as bar:
        checking = bar.add_task(_("Checking"), total=None)
        found = studio.verify(lambda done, total: bar.update(checking, completed=done, total=total))
    for damage in found:
        out.print(Text(f"{damage.where}: {_(damage.message)} {_(damage.remedy)}"), soft_wrap=True)
    if found:
        say("Damage found: {count}.", count=len(found))
        raise typer.Exit(1)
    say("Everything matches.")


@app.command()
def backup(to: Annotated[Path | None, typer.Option("--to", help="Where to write the copy.")] = None) -> None:
    """Copy the database, also while it is in use. Pictures are plain files: copy the media folder."""
    with open_studio(create=False) as studio:
        say("Backup written to {path}", path=studio.backup(to))


@app.command()
def gc(dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count.")] = False) -> None:
    """Remove picture files that nothing refers to."""
    with open_studio(create=False) as studio:
        report = studio.collect_garbage(dry_run=dry_run)
    message = N_("{files} files ({size:.1f} MB) could go.") if dry_run else N_("{files} files ({size:.1f} MB) removed.")
    say(message, files=report.files, size=report.bytes / 1e6)


@app.command()
def export(
    show: ShowOption,
    to: Annotated[Path, typer.Option("--out", help="The JSON file to write.")],
) -> None:
    """Write everything known of a show to one JSON file."""
    with open_studio(create=False) as studio:
        data = studio.export(studio.show(show))
    partial = to.with_name(f".{to.name}.{os.getpid()}.tmp")
    try:
        partial.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        partial.replace(to)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise StoreError(
            "{path} cannot be written: {why}. Choose another --out.", path=to, why=error.strerror or error
        ) from error
    say("Written to {path}: {count} episodes.", count=len(data["episodes"]), path=to)


def exit_code(error: ChamadaError) -> int:
    """The exit code of an error that ends the program."""
    if isinstance(error, Canceled):
        return 128 + (stop.signal or signal.SIGINT)
    if isinstance(error, ImportFailed | NotFound | SettingsError):
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


if __name__ == "__main__":
    sys.exit(main())
