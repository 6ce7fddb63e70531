"""A job on screen while it waits and runs, and what can be done when it failed or was stopped."""

from __future__ import annotations

import base64
from collections.abc import Callable

import streamlit as st

from core.domain.gallery import CampaignDetail
from core.domain.generation import Step
from core.domain.job import Job, JobState
from pages import _literal as literal
from pages import _screen as screen

POLL_S = 0.5
WAITING_POLL_S = 1.5
"""How often a job is looked at, in seconds; one that waits behind others cannot have changed much."""

WORDS_HEIGHT = 160
"""Of the place where a model's words appear as it writes, in pixels."""

PREVIEW_WIDTH = 256

NEAR = 4
"""Jobs ahead of one that is about to begin."""

STEPS = (Step.COPY, Step.CONCEPT, Step.IMAGE_PROMPT, Step.PICTURE, Step.COMPOSITION)


def is_busy(detail: CampaignDetail) -> bool:
    """Whether something of a campaign is being made or waits for it."""
    return detail.job is not None and not detail.job.state.over


def show(detail: CampaignDetail) -> None:
    """How far a campaign's newest job is; nothing where it ended well."""
    job = detail.job
    if job is None or job.state is JobState.COMPLETED:
        return
    if job.state is JobState.FAILED or job.state is JobState.CANCELED:
        ended(detail, job)
    else:
        with st.container(border=True, gap="small"):
            follow(lambda: screen.studio().desk.job(detail.view.id), job)
            done(detail)


def follow(look: Callable[[], Job | None], seen: Job) -> None:
    """The bar of a job, alive; when its next step begins or it is over the whole page is drawn anew."""

    @st.fragment(run_every=POLL_S if seen.ahead < NEAR else WAITING_POLL_S)
    def poll() -> None:
        with screen.boundary():
            job = look()
            if job is None or job.id != seen.id or job.state.over or job.message != seen.message:
                st.rerun()
            if job.ahead < NEAR <= seen.ahead:
                st.rerun()
            screen.studio().desk.call_worker()  # the one that began it may be gone
            bar(job)
            words(job)
            preview(job)

    poll()


def bar(job: Job) -> None:
    """Share done, what is being done, time left, and the way to stop it."""
    _ = screen.translator()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.progress(min(1.0, max(0.0, job.fraction)), text=literal.escape_markdown(doing(job)), width="stretch")
        st.button(
            _("Stopping…") if job.cancel_requested else _("Cancel"),
            icon=":material/stop_circle:",
            key=f"cancel_{job.id}",
            disabled=job.cancel_requested,
            on_click=screen.studio().desk.cancel,
            args=(job.id,),
        )


def words(job: Job) -> None:
    """What a model has written so far, as it comes."""
    written = job.values.get("words")
    if isinstance(written, str) and written:
        with st.container(height=WORDS_HEIGHT, border=False, autoscroll=True, key=f"words_{job.id}"):
            literal.show(written)


def preview(job: Job) -> None:
    """The picture so far, as a model paints it."""
    _ = screen.translator()
    shown = job.values.get("preview")
    if isinstance(shown, str) and shown:
        st.image(base64.b64decode(shown), width=PREVIEW_WIDTH, alt=_("The picture so far"))


def doing(job: Job) -> str:
    """What a job is doing, or how long it will wait; not escaped."""
    _ = screen.translator()
    if job.state is JobState.PENDING:
        if job.ahead:
            return screen.ngettext(
                "In the queue: {n} job before this one", "In the queue: {n} jobs before this one", job.ahead
            )
        return _("Starting…")
    said = screen.fill(job.message, job.values) if job.message else _("Starting…")
    if job.eta_s is None or job.eta_s < 1:
        return said
    return said + " · " + _("about {time} left").format(time=screen.duration(job.eta_s))


def done(detail: CampaignDetail) -> None:
    """The steps, each with a mark: finished, or to come."""
    _ = screen.translator()
    finished = {row.step for row in detail.generations if row.current}
    with st.container(horizontal=True, gap="xsmall"):
        for step in STEPS if detail.brief.with_image else STEPS[:1]:
            if step in finished:
                st.badge(_(screen.STEPS[step]), icon=":material/check:", color="green")
            else:
                st.badge(_(screen.STEPS[step]), icon=":material/more_horiz:", color="gray")


def ended(detail: CampaignDetail, job: Job) -> None:
    """A job that failed or was stopped: why, and the way to go on."""
    _ = screen.translator()
    desk = screen.studio().desk
    if job.state is JobState.FAILED:
        st.error(
            literal.escape_markdown(screen.fill(job.message, job.values)),
            title=_("It was not finished"),
            icon=":material/error:",
        )
        label = _("Try again")
    else:
        st.info(_("Stopped. What was finished is kept."), icon=":material/stop_circle:")
        label = _("Go on")
    if st.button(label, icon=":material/refresh:", type="primary", key="retry"):
        screen.act(lambda: desk.retry(detail.view.id))
