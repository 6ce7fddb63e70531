"""Commands that bring shows in and make what they lack: import, run, demo."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from core.cli.terminal import ShowOption, _, app, err, open_studio, out, progress_bar, say, stop, tell_engines
from core.domain.generation import Step
from core.errors import Canceled, NotFound
from core.language import N_, explain
from core.settings import DEMO_FOLDER, DEMO_NAME, settings

if TYPE_CHECKING:
    from core.chains.plan import Plan
    from core.chains.preparation import Progress
    from core.ingest import Reading
    from core.studio import Studio

STEP_NAMES = {
    Step.SUMMARY: N_("summaries"),
    Step.IMAGE_PROMPT: N_("image prompts"),
    Step.ILLUSTRATION: N_("episode illustrations"),
    Step.STUDY: N_("season studies"),
    Step.STYLE_PROMPT: N_("season image prompts"),
    Step.STYLE_ILLUSTRATION: N_("season illustrations"),
}


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
        elif studio.engines.choice.problem is None:  # the plan says it
            tell_engines(studio)
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
    with progress_bar() as bar:
        bars = {
            step: bar.add_task(_(name), total=count, visible=False)
            for step, name in STEP_NAMES.items()
            if (count := plan.count(step))
        }

        painting = bar.add_task(_("painting steps"), total=None, visible=False)

        def on_progress(progress: Progress) -> None:
            if progress.task is None:
                done, total = progress.steps
                bar.update(painting, completed=done, total=total, visible=True)
                return
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
    """Import the bundled show and prepare it by the draft engines, if the library is empty."""
    from core import ingest
    from core.studio import Studio

    knobs = settings().model_copy(update={"profile": "draft"})  # a model or a server would take much longer
    with closing(Studio.open(knobs)) as studio:
        if studio.shows():
            return
        say("The library is empty: preparing the bundled show, about a minute.")
        reading = ingest.read(DEMO_FOLDER, DEMO_NAME)
        studio.import_episodes(reading.info, reading.episodes)
        plan = studio.plan(studio.show(DEMO_NAME))
        if run_plan(studio, plan):
            raise typer.Exit(1)
