"""The marketing desk: the verbs of campaigns that pages and dataprep call."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from core.chains.facts import gather_facts
from core.chains.keys import input_key
from core.domain.campaign import Brief, ContentType, Copy, Finding, write_out
from core.domain.gallery import CampaignDetail, CampaignFilter, CampaignPage, NewCampaign
from core.domain.generation import NewGeneration, Origin, Step, find_current
from core.domain.job import Job, NewJob
from core.errors import NotFound
from core.jobs.process import WorkerStarter
from core.platforms import Platform, find_platform, platforms_of

if TYPE_CHECKING:
    from core.chains.campaign import OnProgress
    from core.engines.opening import Engines
    from core.jobs.worker import JobHandle
    from core.settings import Settings
    from core.store.library import Library

PERSON = Origin(engine="person", model="", digital_source_type="algorithmicMedia")
"""Who wrote a text that the user edited."""

LONGEST_TITLE = 80

Format = Literal["png", "jpeg", "webp", "txt", "json", "zip"]


class Ticket(NamedTuple):
    """What a submission gives: where its results appear, and the job that makes them."""

    campaign_id: int
    job_id: int


class Download(NamedTuple):
    """A file for the user."""

    name: str
    mime: str
    data: bytes


class Desk:
    """Campaigns of one library: from the brief to the file that leaves.

    Args:
        engines: who writes and paints.
    """

    def __init__(self, library: Library, settings: Settings, engines: Engines) -> None:
        self.library = library
        self.settings = settings
        self.engines = engines
        self._starter = WorkerStarter(settings.model_copy(update={"workers": engines.workers}), library.jobs.seats)

    # Briefs

    def read_brief(self, data: object) -> Brief:
        """A brief from plain data.

        Raises:
            BriefError: a field cannot be used; the message names it and the remedy.
        """
        from core.checks.brief import read_brief

        return read_brief(data)

    def check_brief(self, brief: Brief) -> tuple[Finding, ...]:
        """What in a brief will make trouble, before any work begins."""
        from core.checks.brief import check_brief

        found = gather_facts(self.library, brief)
        return check_brief(brief, found.facts if found else None)

    def check_text(self, brief: Brief, text: str) -> tuple[Finding, ...]:
        """What a program can find wrong in a text that was written for ``brief``."""
        from core.checks.copy import check_copy

        found = gather_facts(self.library, brief)
        return check_copy(text, brief, found.facts if found else None)

    def platforms(self, content_type: ContentType) -> tuple[Platform, ...]:
        """The platforms a content type is made for, its own first."""
        return platforms_of(content_type)

    # Work

    def submit(self, brief: Brief, *, token: str = "", parent_id: int | None = None, seed: int | None = None) -> Ticket:
        """Put a campaign into the queue and see to it that a worker is there.

        Args:
            token: two submissions of one token are one job while the first is not over.

        Raises:
            UnsafeBrief: it asks for what Chamada does not make.
            BriefError, NotFound: its platform, show, season or episode does not exist.
            QueueFull: too much is waiting.
        """
        new = self._new_campaign(brief, parent_id, seed)
        job = NewJob(kind="campaign", token=token or secrets.token_hex(16))
        ticket = Ticket(*self.library.campaigns.create(new, job, self.settings.queue_size))
        self.call_worker()
        return ticket

    def create(
        self,
        brief: Brief,
        on_progress: OnProgress = lambda fraction, message, **values: None,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> CampaignDetail:
        """Make a campaign here and now, without queue and worker: for the command line.

        Raises:
            ChamadaError: as ``submit`` and ``run_job``.
        """
        campaign_id = self.library.campaigns.add(self._new_campaign(brief, None, None))
        self._run(campaign_id, {}, on_progress, should_stop)
        return self.get(campaign_id)

    def _new_campaign(self, brief: Brief, parent_id: int | None, seed: int | None) -> NewCampaign:
        from core.checks.safety import refuse_unsafe

        platform = find_platform(brief)
        found = gather_facts(self.library, brief)
        refuse_unsafe(brief, found.facts if found else None)
        title = brief.topic or (found.facts.title or f"{found.facts.show} · {found.facts.label}" if found else "")
        return NewCampaign(
            title=shorten(title),
            brief=brief.model_copy(update={"platform": platform.key}),
            facts=found.facts if found else None,
            episode_id=found.episode_id if found else None,
            season_id=found.season_id if found else None,
            parent_id=parent_id,
            seed=secrets.randbelow(2**31) if seed is None else seed,
        )

    def call_worker(self) -> None:
        """Start workers unless they are there; cheap enough for every poll. Call it when a page opens, to warm them."""
        self._starter.ensure_workers()

    def retry(self, campaign_id: int) -> Ticket:
        """Go on where a failed or canceled campaign stopped."""
        return self._again(campaign_id, {})

    def rerun(self, campaign_id: int, step: Step) -> Ticket:
        """Make a step anew with another seed, and what follows from it; older versions are kept."""
        return self._again(campaign_id, {"step": step.value, "seed": secrets.randbelow(2**31)})

    def use_version(self, generation_id: int) -> Ticket:
        """Choose an older version of a step; what follows from it is taken up again or made."""
        row = self.library.make_current(generation_id)
        return self._again(row.subject.id, {})

    def edit_copy(self, campaign_id: int, copy: Copy) -> Ticket:
        """Store a person's words as the copy, checked; the picture stays and is composed anew.

        Raises:
            NotFound: there is no copy to edit yet.
        """
        from core.chains.copywriting import copy_output, find_faults

        detail = self.get(campaign_id)
        before = find_current(detail.generations, Step.COPY)
        if before is None:
            raise NotFound("There is no copy yet. Wait for it, or try again.")
        findings = find_faults(copy, detail.brief, detail.facts)
        self.library.save_generation(
            NewGeneration(
                subject=before.subject,
                step=Step.COPY,
                input_key=before.input_key,
                key=input_key("edit", before.key, copy),
                engine=PERSON.engine,
                model=PERSON.model,
                options={"edited_from": before.options.get("edited_from", before.key)},
                seed=before.seed,
                output=copy_output(copy, findings),
            )
        )
        return self._again(campaign_id, {})

    def repair(self, campaign_id: int, codes: frozenset[str] | None = None) -> Ticket:
        """Mend by rule what can be mended in the copy: the faults of ``codes``, or all."""
        from core.checks.repair import repair_copy

        detail = self.get(campaign_id)
        if detail.copy_ is None:
            raise NotFound("There is no copy yet. Wait for it, or try again.")
        mended, _ = repair_copy(detail.copy_, detail.brief, detail.facts, codes)
        return self.edit_copy(campaign_id, mended)

    def _again(self, campaign_id: int, payload: dict[str, Any]) -> Ticket:
        new = NewJob(kind="campaign", token=f"again {campaign_id}", payload=payload, campaign_id=campaign_id)
        job = self.library.jobs.submit(new, self.settings.queue_size)
        self.call_worker()
        return Ticket(campaign_id, job.id)

    def run_job(self, job: Job, handle: JobHandle) -> None:
        """What the worker does for a job of kind ``campaign``; a job begun again goes on where it stopped."""
        if job.campaign_id is not None:
            self._run(job.campaign_id, job.payload, handle.report, handle.should_stop)

    def _run(
        self,
        campaign_id: int,
        payload: Mapping[str, Any],
        on_progress: OnProgress,
        should_stop: Callable[[], bool],
    ) -> None:
        from core.chains.campaign import CampaignRun

        CampaignRun(
            self.library,
            self.get(campaign_id),
            lambda: self.engines.text,
            lambda: self.engines.image,
            self.engines.fallback,
            sampling=self.engines.sampling,
            start=Step(payload["step"]) if "step" in payload else None,
            seed=int(payload.get("seed", 0)),
            on_progress=on_progress,
            should_stop=should_stop,
        ).run()

    def warm_up(self) -> None:
        """Load all that a campaign needs but models, by making a small one in a library of its own, gone afterwards."""
        from core.engines.opening import Engines
        from core.store.library import Library

        with TemporaryDirectory() as folder:  # the draft engines': a server's answers and a card's time are not ours
            knobs = self.settings.model_copy(update={"data_dir": Path(folder), "database_url": "", "profile": "draft"})
            with Library.open(knobs) as scratch:
                Desk(scratch, knobs, Engines(knobs)).create(Brief(topic="Café", width=64, height=64))

    def cancel(self, job_id: int) -> None:
        """Ask a job to stop; one that waits is gone at once, one that runs stops within its step."""
        self.library.jobs.request_cancel(job_id)

    def job(self, campaign_id: int) -> Job | None:
        """The newest job of a campaign: one cheap query, for polling."""
        return self.library.jobs.of_campaign(campaign_id)

    def queue(self) -> list[Job]:
        """What is running and waiting, in order."""
        return self.library.jobs.active()

    # The gallery

    def get(self, campaign_id: int) -> CampaignDetail:
        """A campaign with all that was made for it so far.

        Raises:
            NotFound: there is none.
        """
        return self.library.campaigns.get(campaign_id)

    def list(
        self, filter: CampaignFilter, *, before: int | None = None, after: int | None = None, limit: int = 24
    ) -> CampaignPage:
        """Campaigns, newest first; ``before`` and ``after`` are ids of a page before."""
        return self.library.campaigns.list(filter, before=before, after=after, limit=limit)

    def count(self, filter: CampaignFilter) -> int:
        """How many campaigns ``list`` would go through."""
        return self.library.campaigns.count(filter)

    def star(self, campaign_id: int, starred: bool) -> None:
        """Mark a campaign, or take the mark away."""
        self.library.campaigns.star(campaign_id, starred)

    def trash(self, ids: Sequence[int]) -> None:
        """Put campaigns into the trash."""
        self.library.campaigns.trash(ids)

    def restore(self, ids: Sequence[int]) -> None:
        """Take campaigns out of the trash."""
        self.library.campaigns.restore(ids)

    def empty_trash(self) -> int:
        """Delete what is in the trash for good; gives how many campaigns."""
        return self.library.campaigns.empty_trash()

    # What goes out

    def text(self, detail: CampaignDetail) -> str:
        """The copy as one plain text, as it is copied and downloaded; "" while there is none."""
        return write_out(detail.copy_, detail.brief.language) if detail.copy_ else ""

    def measure(self, detail: CampaignDetail) -> tuple[int, int]:
        """How many characters the copy's text has, as its platform counts them, and how many that takes."""
        from core.checks.limits import count_weighted

        text = detail.copy_.text if detail.copy_ else ""
        count = count_weighted if detail.brief.content_type is ContentType.X_POST else len
        return count(text), find_platform(detail.brief).limit

    def export(self, campaign_id: int, format: Format) -> Download:
        """A campaign as a file: its picture, its text, its chain as JSON, or all of it.

        Raises:
            NotFound: there is no such campaign, or it has no picture yet.
        """
        from core.compose.export import bundle, encode

        detail = self.get(campaign_id)
        name = f"chamada-{campaign_id}"
        if format == "txt":
            return Download(f"{name}.txt", "text/plain", (self.text(detail) + "\n").encode())
        chain = json.dumps(describe_campaign(detail), ensure_ascii=False, indent=2) + "\n"
        if format == "json":
            return Download(f"{name}.json", "application/json", chain.encode())
        picture = self._picture(detail)
        if format == "zip":
            return Download(f"{name}.zip", "application/zip", bundle(self.text(detail) + "\n", picture, chain, name))
        if picture is None:
            raise NotFound("This campaign has no picture yet. Wait for it, or try again.")
        return Download(f"{name}.{format}", f"image/{format}", encode(picture, format))

    def _picture(self, detail: CampaignDetail) -> bytes | None:
        composed = find_current(detail.generations, Step.COMPOSITION)
        return self.library.media.path(composed.media).read_bytes() if composed and composed.media else None


def shorten(title: str) -> str:
    """A title of one line for lists."""
    line = " ".join(title.split())
    return line if len(line) <= LONGEST_TITLE else line[: LONGEST_TITLE - 1].rsplit(" ", 1)[0] + "…"


def same_brief(stored: object, brief: Brief) -> bool:
    """Whether a campaign's stored brief is ``brief``, its platform filled in."""
    return stored == brief.model_copy(update={"platform": find_platform(brief).key}).model_dump(mode="json")


def describe_campaign(detail: CampaignDetail) -> dict[str, Any]:
    """A campaign as plain data: brief, copy, findings, and each step that counts with all that went in."""
    rows = sorted((row for row in detail.generations if row.current), key=lambda row: row.id)
    fields = {"subject", "current", "id"}
    return {
        "format": "chamada-campaign 1",
        "title": detail.view.title,
        "created_at": detail.view.created_at.isoformat(),
        "brief": detail.brief.model_dump(mode="json"),
        "copy": detail.copy_.model_dump(mode="json") if detail.copy_ else None,
        "findings": [finding.model_dump(mode="json") for finding in detail.findings],
        "steps": [row.model_dump(mode="json", exclude=fields) for row in rows],
    }
