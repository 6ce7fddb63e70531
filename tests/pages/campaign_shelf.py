"""Stores campaigns for the screens as the chain would, without running an engine."""

import hashlib
from collections.abc import Sequence

from core.domain.campaign import Brief, ContentType, Copy, Finding, VideoScene, write_out
from core.domain.gallery import NewCampaign
from core.domain.generation import NewGeneration, Step, Subject
from core.domain.job import JobState, NewJob
from core.studio import Studio
from tests.pages import shelf

BRIEF = Brief(
    topic="Serra: tênis de trilha leve, com solado de borracha reciclada.",
    audience="quem caminha na natureza",
    call_to_action="Conheça o Serra. #TenisSerra",
)
COPY = Copy(
    headline="Serra: leve na trilha",
    text="Conheça o Serra, um tênis de trilha leve, com solado de borracha reciclada.\n\nConheça o Serra. #TenisSerra",
)
VIDEO = Copy(
    headline="Serra em movimento",
    text="Leve na trilha. #TenisSerra",
    scenes=(
        VideoScene(visual="Pés em uma trilha molhada.", narration="Leve como o vento.", seconds=4),
        VideoScene(visual="O solado de perto.", narration="Borracha reciclada.", seconds=5),
    ),
)
NUMBER = Finding(
    code="number_not_in_brief",
    level="error",
    message="{n} error",
    values={"n": "100"},
    start=10,
    end=15,
)
SPELLING = Finding(
    code="spelling", level="warning", message="{n} warning", values={"n": "1"}, start=0, end=8, repair=True
)


def add(studio: Studio, brief: Brief = BRIEF, *, title: str = "Tênis Serra", parent: int | None = None) -> int:
    """A campaign of which nothing is made yet; no job either."""
    return studio.library.campaigns.add(NewCampaign(title=title, brief=brief, parent_id=parent, seed=7))


def save(
    studio: Studio,
    number: int,
    step: Step,
    output: dict[str, object],
    *,
    painted: bool = False,
    notes: tuple[str, ...] = (),
) -> str | None:
    """One finished step; gives its picture's sha256."""
    key = hashlib.sha256(f"{number} {step} {output}".encode()).hexdigest()
    media = None
    if painted:
        image = shelf.picture(number * 3 + 1, 400).resize((320, 400))
        media = studio.library.media.save(image, shelf.ORIGIN, "a shoe", {"Title": "test", "seed": key})
    studio.library.save_generation(
        NewGeneration(
            subject=Subject(kind="campaign", id=number),
            step=step,
            input_key=hashlib.sha256(f"{number} {step}".encode()).hexdigest(),
            key=key,
            engine="draft",
            model="test",
            prompt_name="campaign_copy" if step is Step.COPY else "",
            prompt_fingerprint="0123456789abcdef" if step is Step.COPY else "",
            options={"style": "recorte", "width": 320, "height": 400} if painted else {},
            seed=7,
            output=output,
            findings=notes,
            media=media.sha256 if media else None,
            seconds=0.5,
        ),
        media,
    )
    return media.sha256 if media else None


def write(studio: Studio, number: int, copy: Copy = COPY, findings: Sequence[Finding] = (), refused: str = "") -> None:
    """Its copy; ``refused`` names a model whose copy was refused before it."""
    stored = [finding.model_dump(mode="json") for finding in findings]
    told = {"copy": copy.model_dump(mode="json"), "findings": stored, "repaired": []}
    save(studio, number, Step.COPY, {**told, "refused": [{**told, "model": refused}] if refused else []})


def paint(studio: Studio, number: int, copy: Copy = COPY, notes: tuple[str, ...] = ()) -> str | None:
    """Its picture, bare and composed; ``notes`` say what its engine gave up."""
    scene = {"subject": "a trail shoe", "motifs": ["shoe"]}
    save(studio, number, Step.CONCEPT, {"kind": "product", "subject": "a trail shoe", "scene": scene})
    save(studio, number, Step.IMAGE_PROMPT, {"prompt": "a trail shoe on a rock", "scene": scene})
    bare = {"scene": scene, "digital_source_type": "algorithmicMedia"}
    save(studio, number, Step.PICTURE, bare, painted=True, notes=notes)
    return save(studio, number, Step.COMPOSITION, {"headline": copy.headline, "scene": scene}, painted=True)


def make(
    studio: Studio,
    brief: Brief = BRIEF,
    copy: Copy = COPY,
    findings: Sequence[Finding] = (),
    *,
    title: str = "Tênis Serra",
    parent: int | None = None,
) -> int:
    """A finished campaign; gives its id."""
    number = add(studio, brief, title=title, parent=parent)
    write(studio, number, copy, findings)
    picture = paint(studio, number, copy) if brief.with_image else None
    levels = [finding.level for finding in findings]
    studio.library.campaigns.note(
        number,
        text=write_out(copy, brief.language),
        picture=picture,
        errors=levels.count("error"),
        warnings=levels.count("warning"),
    )
    return number


def queue(studio: Studio, number: int, state: JobState = JobState.PENDING, message: str = "", **values: object) -> int:
    """A job for a campaign, in a state; gives its id."""
    jobs = studio.library.jobs
    job = jobs.submit(NewJob(kind="campaign", token=f"test {number}", campaign_id=number), 100)
    if state is JobState.PENDING:
        return job.id
    seat = jobs.seats.take_any(wait_s=1)
    assert seat
    try:
        jobs.claim(seat)
        jobs.report(job.id, 0.4, message or "Painting the picture", values, 3.0)
        if state is not JobState.IN_PROGRESS:
            jobs.finish(job.id, state, message, values)
    finally:
        seat.close()
    return job.id


def build_hostile(studio: Studio, words: str) -> int:
    """A campaign whose every word attacks the screen; gives its id."""
    brief = Brief(
        content_type=ContentType.SHORT_VIDEO,
        topic=words,
        audience=words[:400],
        objective=words[:400],
        keywords=(words[:80],),
        call_to_action=words[:300],
    )
    scene = VideoScene(visual=words[:400], narration=words[:600], seconds=3)
    copy = Copy(headline=words[:120], text=words, subject_line=words[:200], scenes=(scene,))
    wrong = Finding(
        code="placeholder", level="error", message="{n} error", values={"n": words}, start=0, end=200, repair=True
    )
    number = make(studio, brief, copy, (wrong, SPELLING), title=words)
    queue(studio, number, JobState.FAILED, "{n} error", n=words)
    return number
