"""Commands that look after the library: status, verify, backup, gc, export."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from core.cli.terminal import ShowOption, _, app, open_studio, out, progress_bar, say, tell_engines, write_file
from core.language import N_


@app.command()
def status() -> None:
    """What the library holds and what is missing; which engines serve, and why."""
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
            known = studio.engines.choice.problem is None  # what is missing depends on who makes it
            missing = sum(studio.missing(show.id).values()) if known else "?"
            counts = (show.seasons, show.episodes, show.summarized, show.illustrated, show.season_posters, missing)
            table.add_row(Text(show.name), *(str(count) for count in counts))
    if shows:
        out.print(table)
    else:
        say('The library is empty. Start with: python dataprep.py import PATH --show "NAME"')
    tell_engines(studio)


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
    write_file(to, (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode())
    say("Written to {path}: {count} episodes.", count=len(data["episodes"]), path=to)
