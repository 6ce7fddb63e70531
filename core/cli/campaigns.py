"""Commands that check and make campaigns, and the worker: check, campaign, worker."""

from __future__ import annotations

import faulthandler
import json
import logging
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer
from rich.text import Text

from core.cli.terminal import _, app, err, open_studio, progress_bar, say, stop, write_file
from core.errors import BriefError, Canceled, ChamadaError, StoreError
from core.language import explain, translator
from core.settings import settings

if TYPE_CHECKING:
    from core.chains.campaign import OnProgress
    from core.desk import Desk
    from core.domain.campaign import Brief, Finding

LARGEST_FILE = 50_000_000
"""Bytes of a file of briefs or of a text that are read."""


class Entry(NamedTuple):
    """A brief in a file: its line (0 where the file is one brief), and what reads it or says why it cannot."""

    line: int
    read: Callable[[], object]


def read_text(path: Path) -> str:
    """A text file of the user's.

    Raises:
        BriefError: it cannot be read; the message says why.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise BriefError("{path} is larger than {limit} MB. Split it.", path=path, limit=LARGEST_FILE // 1_000_000)
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BriefError("{path} is not UTF-8 text. Save it as UTF-8 and try again.", path=path) from error
    except OSError as error:
        raise BriefError("{path} cannot be read: {why}.", path=path, why=error.strerror or error) from error


def read_json(text: str, where: str) -> object:
    """``text`` as JSON.

    Raises:
        BriefError: it is none; the message says where.
    """
    try:
        return json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        why = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 1
        raise BriefError("{where} is not JSON: {why} (line {line}).", where=where, why=why, line=line) from error


def read_entries(path: Path) -> list[Entry]:
    """The briefs of a file: one JSON object, a list of them, or JSON Lines.

    Raises:
        BriefError: the file cannot be read, or holds no brief.
    """
    text = read_text(path)
    if path.suffix.lower() in (".jsonl", ".ndjson"):
        lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
        entries = [Entry(number, partial(read_json, line, f"{path}:{number}")) for number, line in lines]
    else:
        data = read_json(text, str(path))
        many = data if isinstance(data, list) else None
        entries = (
            [Entry(0, lambda: data)]
            if many is None
            else [Entry(number, partial(_given, item)) for number, item in enumerate(many, start=1)]
        )
    if not entries:
        raise BriefError("{path} holds no brief. Write one JSON object, or one a line in a .jsonl file.", path=path)
    return entries


def _given(item: object) -> object:
    return item


def read_one(path: Path) -> Brief:
    """The one brief of a file."""
    from core.checks.brief import read_brief

    return read_brief(read_json(read_text(path), str(path)))


@app.command()
def check(
    brief: Annotated[Path, typer.Argument(help="The brief, as JSON.")],
    text: Annotated[Path, typer.Argument(help="The text to check.")],
) -> None:
    """Print what is wrong with TEXT, one JSON finding a line; exit code 1 if any is an error."""
    wanted, written = read_one(brief), read_text(text).strip()
    if wanted.show:
        with open_studio(create=False) as studio:
            found = studio.desk.check_text(wanted, written)
    else:
        from core.checks.copy import check_copy

        found = check_copy(written, wanted)
    for finding in found:
        typer.echo(json.dumps(tell_finding(finding), ensure_ascii=False))
    if any(finding.level == "error" for finding in found):
        raise typer.Exit(1)


def tell_finding(finding: Finding) -> dict[str, object]:
    """A finding as plain data, its sentence in the user's language."""
    message = translator(settings().language)(finding.message).format(**finding.values)
    return {
        "code": finding.code,
        "level": finding.level,
        "message": message,
        "span": [finding.start, finding.end],
    }


@app.command()
def campaign(
    brief: Annotated[Path, typer.Argument(help="A brief as JSON, or many as JSON Lines (.jsonl).")],
    to: Annotated[Path, typer.Option("--out", help="The folder to write text, picture and chain into.")],
) -> None:
    """Make a campaign from a brief, without a browser: post.txt, post.png and campaign.json in --out.

    Many briefs get a folder each; one whose campaign.json is there already is skipped.
    """
    entries = read_entries(brief)
    failed = made = kept = 0
    with open_studio() as studio, progress_bar() as bar:
        making = bar.add_task(_("Campaigns"), total=len(entries))

        def on_progress(fraction: float, message: str, **values: object) -> None:
            bar.update(making, completed=made + kept + failed + fraction, description=_(message))

        for entry in entries:
            try:
                if stop():
                    raise Canceled("Stopped. What was finished is kept; run again to go on.")
                if make_one(studio.desk, entry, to, on_progress):
                    made += 1
                else:
                    kept += 1
            except (StoreError, Canceled):
                raise
            except ChamadaError as error:
                if not entry.line:
                    raise
                failed += 1
                err.print(Text(f"{brief}:{entry.line}: {explain(error, settings().language)}"), soft_wrap=True)
            bar.update(making, completed=made + kept + failed)
    say(
        "Campaigns: {made} made, {kept} already there, {failed} failed. Folder: {to}",
        made=made,
        kept=kept,
        failed=failed,
        to=to,
    )
    if failed:
        raise typer.Exit(1)


def make_one(desk: Desk, entry: Entry, to: Path, on_progress: OnProgress) -> bool:
    """Make a brief's campaign and write its files; false where they are there already."""
    wanted = desk.read_brief(entry.read())
    folder = to / f"{entry.line:04}-{slug(wanted.topic or wanted.episode or wanted.show)}" if entry.line else to
    if is_there(folder, wanted):
        return False
    detail = desk.create(wanted, on_progress, stop)
    for name, data in files_of(desk, detail.view.id, wanted):
        write_file(folder / name, data, make_folder=True)
    for finding in detail.findings:
        told = tell_finding(finding)
        err.print(Text(f"{folder}: {told['level']}: {told['message']}"), soft_wrap=True)
    return True


def files_of(desk: Desk, campaign_id: int, brief: Brief) -> Iterator[tuple[str, bytes]]:
    """The files of a campaign; campaign.json last, because it says that the folder is whole."""
    yield "post.txt", desk.export(campaign_id, "txt").data
    if brief.with_image:
        yield "post.png", desk.export(campaign_id, "png").data
    yield "campaign.json", desk.export(campaign_id, "json").data


def is_there(folder: Path, brief: Brief) -> bool:
    """Whether ``folder`` holds the finished campaign of ``brief``."""
    from core.desk import same_brief

    try:
        told = json.loads((folder / "campaign.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(told, dict) and same_brief(told.get("brief"), brief)


def slug(text: str) -> str:
    """A folder name from a topic: ASCII, short."""
    ascii_ = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_).strip("-")[:40].rstrip("-") or "campaign"


@app.command()
def worker(
    idle: Annotated[float | None, typer.Option("--idle", help="Seconds without work until it ends.")] = None,
) -> None:
    """Do the jobs that wait in the queue, at a free seat of CHAMADA_WORKERS; pages start workers by themselves."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(process)d %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    faulthandler.enable()
    with open_studio() as studio:
        studio.work(idle_s=idle, should_stop=stop)
