"""Situação: which engines serve and why, the machine, the models on it, and what the workers hold and do."""

import streamlit as st

from core.domain.job import Job, JobState
from core.domain.residency import ResidencyReport, WorkerView
from core.language import N_
from pages import _engines as in_use
from pages import _literal as literal
from pages import _progress as running
from pages import _screen as screen

POLL_S = 2.0
"""How often workers and queue are looked at, in seconds."""

PROFILES = {
    "draft": N_("draft: no model"),
    "t4": N_("t4: models that take turns in a small card"),
    "gpu": N_("gpu: all models in the card at once"),
    "remote": N_("remote: texts by a server"),
}
"""The profiles, as gettext ids."""

ROLES = {
    "text": N_("Texts"),
    "image": N_("Pictures"),
    "refiner": N_("Refining pictures"),
    "vae": N_("Decoding pictures"),
    "preview": N_("Previews"),
    "lora": N_("Fast pictures"),
}
"""What a model is for, as gettext ids."""

PARTS = {
    "text": N_("Text model"),
    "encoders": N_("Prompt encoders"),
    "base": N_("Base of the pictures"),
    "refiner": N_("Refiner"),
    "vae": N_("Decoder"),
}
"""The parts that go to the device, as gettext ids."""

KINDS = {"campaign": N_("Campaign"), "prepare": N_("Preparation of a show")}
"""The kinds of jobs, as gettext ids."""

screen.come_through_dashboard(__file__)
_ = screen.translator()
studio = screen.studio()
status = studio.status()


def machine() -> None:
    """What of the machine the engines depend on."""
    st.header(_("This machine"), anchor=False)
    there = status.machine
    facts = {_("Graphics card"): _("none") if there.card is None else there.card.name}
    if there.card:
        facts[_("Its memory")] = screen.memory_size(there.card.memory_bytes)
        facts[_("Driver")] = _("{driver}, for CUDA {cuda}").format(
            driver=there.driver, cuda="{}.{}".format(*there.driver_cuda)
        )
    if status.choice.memory_bytes is not None and status.choice.has_models:
        facts[_("Models may take")] = screen.memory_size(status.choice.memory_bytes)
    facts[_("Memory")] = screen.memory_size(there.memory_bytes)
    facts["PyTorch"] = there.torch or _("not installed")
    table([{"fact": name, "value": value} for name, value in facts.items()], hide_header=True)


def models() -> None:
    """The models of the settings: what each is for, whether it is here, and how to get what is not."""
    st.header(_("Models"), anchor=False)
    table(
        [
            {
                _("For"): _(ROLES[model.role]),
                _("Model"): model.name,
                _("Size"): screen.disk_size(model.bytes) if model.bytes else "?",
                _("Here"): _("in use") if model.serves else _("yes") if model.is_there else _("no"),
            }
            for model in status.models
        ]
    )
    missing = [model for model in status.models if not model.is_there]
    if missing and not (status.machine.card or status.choice.has_models):
        st.caption(_("They need an NVIDIA graphics card: without one the draft engines serve, or a server."))
    elif missing:
        size = screen.disk_size(sum(model.bytes for model in missing))
        st.caption(_("This brings what is missing, {size} in all:").format(size=size))
        screen.show_command(screen.command("models", "pull"))


def table(rows: list[dict[str, str]], *, hide_header: bool = False) -> None:
    """Rows of plain texts; a cell reads Markdown, so each is escaped."""
    cells = [
        {literal.escape_markdown(name): literal.escape_markdown(value) for name, value in row.items()} for row in rows
    ]
    st.table(cells, border="horizontal", hide_index=True, hide_header=hide_header)


@st.fragment(run_every=POLL_S)
def work() -> None:
    """The workers and the queue, alive."""
    with screen.boundary():
        jobs = studio.desk.queue()
        st.header(_("Workers"), anchor=False)
        seen = [seat for seat in studio.workers() if seat.is_taken or seat.report]
        for seat in seen:
            worker(seat, next((job for job in jobs if job.worker == str(seat.number)), None))
        if not seen:
            st.caption(_("None has worked yet. One begins as soon as there is something to do."))
        st.header(_("Queue"), anchor=False)
        for job in jobs:
            one_job(job)
        if not jobs:
            st.caption(_("Nothing is waiting."))


def worker(seat: WorkerView, job: Job | None) -> None:
    """A worker: whether it is there, what it does, and what it holds."""
    with st.container(border=True, gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown("**" + _("Worker {n}").format(n=seat.number + 1) + "**", width="content")
            if not seat.is_taken:
                st.badge(_("gone until there is work"), icon=":material/bedtime:", color="gray")
            elif job is None:
                st.badge(_("waiting for work"), icon=":material/hourglass_empty:", color="gray")
            else:
                st.badge(_("at work"), icon=":material/play_arrow:", color="green")
        if seat.report and seat.updated_at:
            profile = _(PROFILES.get(seat.report.profile, seat.report.profile))
            said = _("Profile {profile}. Last heard of: {when}").format(
                profile=profile, when=screen.clock(seat.updated_at)
            )
            st.caption(literal.escape_markdown(said))
            if seat.report.residency:
                residency(seat.report.residency)


def residency(report: ResidencyReport) -> None:
    """What a worker's models took of the device, and how often each came and went."""
    peak = screen.memory_size(report.peak_bytes)
    device = _("Processor") if report.device == "cpu" else report.device
    if report.budget_bytes:
        text = _("{device}: {peak} at the most, of {budget}").format(
            device=device, peak=peak, budget=screen.memory_size(report.budget_bytes)
        )
        st.progress(min(1.0, report.peak_bytes / report.budget_bytes), text=literal.escape_markdown(text))
    else:
        st.markdown(literal.escape_markdown(_("{device}: {peak} at the most").format(device=device, peak=peak)))
    if report.loads:
        table(
            [
                {
                    _("Part"): _(PARTS[name]) if name in PARTS else name,
                    _("Read from disk"): screen.ngettext("{n} time", "{n} times", count),
                    _("Moved"): screen.ngettext("{n} time", "{n} times", report.moves.get(name, 0)),
                    _("Now"): _("on the device") if name in report.resident else _("waiting or gone"),
                }
                for name, count in sorted(report.loads.items(), key=lambda item: [*PARTS, item[0]].index(item[0]))
            ]
        )


def one_job(job: Job) -> None:
    """A job of the queue: what it is, and how far."""
    kind = _(KINDS[job.kind]) if job.kind in KINDS else job.kind
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if job.campaign_id is None:
            st.markdown(literal.escape_markdown(kind), width="content")
        else:
            st.page_link(
                "pages/campaign.py", label=literal.escape_markdown(kind), query_params={"id": str(job.campaign_id)}
            )
        if job.state is JobState.IN_PROGRESS:
            st.progress(min(1.0, max(0.0, job.fraction)), text=literal.escape_markdown(running.doing(job)))
        else:
            st.caption(literal.escape_markdown(running.doing(job)))


st.title(_("Status"), anchor=False)
with st.container(border=True):
    in_use.show()
machine()
models()
work()
