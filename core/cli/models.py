"""Commands of the models on disk: models list, models pull, models verify."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, TypeVar

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn
from rich.table import Table
from rich.text import Text

from core.cli.terminal import _, app, err, out, say, stop
from core.errors import Canceled, EngineError
from core.language import N_, explain
from core.models import cache_folder, find_on_disk, known_models, look_up, size_on_disk, wanted_models
from core.models.manifest import Manifest, find_manifest, pulled_models, verify
from core.models.pulling import Pull, check_room, free_bytes, plan_pull, pull
from core.settings import settings

models = typer.Typer(no_args_is_help=True, help="Models on this machine: list, pull, verify.")
app.add_typer(models, name="models")

ROLES = {
    "text": N_("texts"),
    "image": N_("pictures"),
    "refiner": N_("refining pictures"),
    "vae": N_("decoding pictures"),
    "preview": N_("previews"),
    "lora": N_("fast pictures"),
}

NamesArgument = Annotated[
    list[str] | None, typer.Argument(help="A name of models list, organisation/name, or organisation/name/file.")
]


@models.command("list")
def list_models() -> None:
    """The models that Chamada knows, those that were pulled, their size, and whether they are on this machine."""
    wanted = wanted_models(settings())
    table = Table(box=None, pad_edge=False)
    for heading in (N_("name"), N_("for"), N_("size"), N_("here"), N_("asked for")):
        table.add_column(_(heading), no_wrap=True)
    table.add_column(_(N_("model")), overflow="fold")
    known = {model.address: model for model in known_models()}
    for address in dict.fromkeys([*known, *(name for name, _manifest in pulled_models())]):
        model = known.get(address)
        here = find_on_disk(address)
        table.add_row(
            Text(model.name if model else ""),
            Text(_(ROLES[model.role]) if model else ""),
            tell_size(size_on_disk(here) if here else model.bytes if model else 0),
            Text(_("yes") if here else _("no")),
            Text(_("yes") if address in wanted else ""),
            Text(f"{address} *" if model and model.gated else address),
        )
    out.print(table)
    say("* its licence must be accepted on the model's page first.")
    say("Folder: {folder} ({free} free).", folder=cache_folder(), free=tell_size(free_bytes()))


def tell_size(count: int) -> str:
    """Bytes as MB or GB."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"


@models.command("pull")
def pull_models(
    names: NamesArgument = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Download without asking.")] = False,
) -> None:
    """Download models, or go on with a download that broke off; without NAMES, those that the settings name.

    Every file is checked against the hub's sha256. What is here already is checked, and only replaced if damaged.
    """
    plans, failed = gather(names or wanted_models(settings()), plan_pull)
    if not plans:
        raise typer.Exit(1)
    needed = sum(plan.missing_bytes for _name, plan in plans)
    for name, plan in plans:
        tell_plan(name, plan)
    say("To download: {size}. Free on the disk: {free}.", size=tell_size(needed), free=tell_size(free_bytes()))
    check_room(needed)
    if needed and not yes:
        ask()
    with byte_bar(sum(plan.size for _name, plan in plans)) as on_bytes:
        pulled, failed_later = gather([name for name, _plan in plans], lambda name: pull(dict(plans)[name], on_bytes))
    for name, folder in pulled:
        say("{model}: whole, every file's sha256 matches. Folder: {folder}", model=name, folder=folder)
    if failed or failed_later:
        raise typer.Exit(1)


T = TypeVar("T")


def gather(names: list[str], work: Callable[[str], T]) -> tuple[list[tuple[str, T]], int]:
    """``work`` for each name, and how many failed: one model that cannot be had must not keep the others away."""
    done, failed = [], 0
    for name in names:
        try:
            done.append((name, work(name)))
        except EngineError as error:
            failed += 1
            err.print(Text(f"{name}: {explain(error, settings().language)}"), soft_wrap=True)
    return done, failed


def tell_plan(name: str, plan: Pull) -> None:
    """One line on what a model takes, and its licence."""
    known = look_up(name)
    say(
        "{model}: {size}, of which to download: {missing}. Licence: {licence}",
        model=name,
        size=tell_size(plan.size),
        missing=tell_size(plan.missing_bytes),
        licence=known.licence if known else f"https://huggingface.co/{plan.listing.repository}",
    )


def ask() -> None:
    """Go on only with the user's word.

    Raises:
        Canceled: they said no, or there is nobody to ask.
    """
    if not sys.stdin.isatty():
        raise Canceled("Nothing was downloaded: there is nobody to ask here. Add --yes.")
    if not typer.confirm(_("Download?"), default=True):
        raise Canceled("Nothing was downloaded.")


@contextmanager
def byte_bar(total: int) -> Iterator[Callable[[int], None]]:
    """A bar of bytes with speed and time left; gives what moves it on, which raises Canceled once a stop is asked."""
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(_("Models"), total=total)

        def on_bytes(count: int) -> None:
            if stop():
                raise Canceled("Stopped. What was downloaded is kept; run again to go on.")
            bar.advance(task, count)

        yield on_bytes


@models.command("verify")
def verify_models(names: NamesArgument = None) -> None:
    """Re-read every file of the models that were pulled; exit code 1 if anything is not as it was downloaded."""
    if names:
        manifests, failed = gather(names, find_manifest)
    else:
        manifests, failed = pulled_models(), 0
    damaged = 0
    for name, manifest in manifests:
        damaged += verify_one(name, manifest)
    if not manifests and not failed:
        say("No model was pulled yet. Download those of the settings with: python dataprep.py models pull")
    if damaged or failed:
        raise typer.Exit(1)


def verify_one(name: str, manifest: Manifest) -> int:
    """Say what is damaged in one model; gives how many files."""
    with byte_bar(manifest.size) as on_bytes:
        found = verify(manifest, on_bytes)
    for damage in found:
        out.print(Text(f"{name}: {damage.path} {_(damage.message)}."), soft_wrap=True)
    if found:
        say("Fetch it again with: python dataprep.py models pull {model}", model=name)
    else:
        say("{model}: all as it was downloaded.", model=name)
    return len(found)
