"""A campaign on screen, finished or not: progress, picture, words, checks, and what to do next with it."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from core.domain.gallery import CampaignDetail
from core.domain.generation import Generation, Step
from core.errors import ChamadaError
from pages import _address as address
from pages import _checks as checks
from pages import _copy as words
from pages import _literal as literal
from pages import _names as names
from pages import _poster as poster
from pages import _progress as progress
from pages import _screen as screen
from pages import _steps as steps

Format = Literal["png", "jpeg", "webp", "txt", "json", "zip"]
PICTURES: tuple[Format, ...] = ("png", "jpeg", "webp")

TALL = 1.5
"""A picture higher than this many times its width is shown narrower, so that it fits a window."""


def show(detail: CampaignDetail) -> None:
    """All of a campaign that there is so far."""
    busy = progress.is_busy(detail)
    progress.show(detail)
    if not detail.copy_ and not busy:
        return
    if find_picture(detail) or (busy and detail.brief.with_image):
        cells = st.grid(2, min_column_width=320, gap=("medium", "large"))
        with cells.cell():
            picture(detail, busy=busy)
        with cells.cell():
            text(detail, busy=busy)
            steps.chain(detail, busy=busy)
    else:
        text(detail, busy=busy)
        steps.chain(detail, busy=busy)


def renew(detail: CampaignDetail, parameter: str) -> None:
    """A button for the same brief with a new seed, as a child of this campaign.

    Args:
        parameter: of the address, which will name the child.
    """
    _ = screen.translator()
    if not st.button(
        _("Do again with a new seed"),
        icon=":material/casino:",
        key="new_seed",
        disabled=progress.is_busy(detail),
        help=_("Another text and another picture from the same brief"),
    ):
        return
    try:
        ticket = screen.studio().desk.submit(detail.brief, token=f"renew {detail.view.id}", parent_id=detail.view.id)
    except ChamadaError as error:
        screen.show_problem(error)
        return
    address.put(parameter, ticket.campaign_id)
    st.rerun()


def find(detail: CampaignDetail, step: Step) -> Generation | None:
    """The version of a step that counts."""
    return next((row for row in detail.generations if row.current and row.step is step), None)


def find_picture(detail: CampaignDetail) -> Generation | None:
    """The picture to show: the finished one, else the bare one."""
    return find(detail, Step.COMPOSITION) or find(detail, Step.PICTURE)


def picture(detail: CampaignDetail, *, busy: bool) -> None:
    """The picture, or its place while it is being made."""
    _ = screen.translator()
    row = find_picture(detail)
    if row is None or row.media is None:
        st.skeleton(height=380)
        return
    path = poster.whole_picture(row.media)
    if path is None:
        poster.cannot_be_shown()
        return
    alt = describe(detail, row)
    size = row.options
    tall = float(size.get("height", 1)) > TALL * float(size.get("width", 1))
    st.image(path, alt=alt, width=340 if tall else "stretch", output_format="PNG")
    with st.container(horizontal=True, gap="xsmall"):
        if st.button(_("Full size"), icon=":material/zoom_out_map:", key="zoom_campaign"):
            poster.zoom(path, names.campaign(detail.view), alt)
        if not busy:
            downloads(detail)
    origin(detail)


def describe(detail: CampaignDetail, row: Generation) -> str:
    """An alternative text: whose picture, which words stand on it, what it shows."""
    _ = screen.translator()
    said = _("Picture of the campaign {title}").format(title=names.campaign(detail.view))
    headline = row.output.get("headline")
    if isinstance(headline, str) and headline:
        said += _(", with the words “{words}”").format(words=literal.one_line(headline))
    return said + poster.details(row)


def downloads(detail: CampaignDetail) -> None:
    """Everything in one file, or each part in the format one needs."""
    _ = screen.translator()
    whole = bool(find(detail, Step.COMPOSITION))
    if detail.copy_ is None:
        return
    download(detail, "zip", _("Download all"), ":material/folder_zip:", type_="primary", width="content")
    with st.popover(_("Other formats"), icon=":material/download:", width="content"):
        for format_ in PICTURES if whole else ():
            download(detail, format_, format_.upper(), ":material/image:")
        download(detail, "txt", _("Text (TXT)"), ":material/description:")
        download(detail, "json", _("Data of every step (JSON)"), ":material/data_object:")


def download(
    detail: CampaignDetail,
    format_: Format,
    label: str,
    icon: str,
    *,
    type_: Literal["primary", "secondary"] = "secondary",
    width: Literal["content", "stretch"] = "stretch",
) -> None:
    """A button that makes the file when it is pressed."""
    desk = screen.studio().desk
    name = literal.file_name(names.campaign(detail.view), str(detail.view.id), suffix="." + format_)
    st.download_button(
        label,
        lambda: desk.export(detail.view.id, format_).data,
        file_name=name,
        icon=icon,
        type=type_,
        width=width,
        on_click="ignore",
        key=f"download_{format_}",
    )


def origin(detail: CampaignDetail) -> None:
    """Who painted the picture, and the mark that says so inside the file."""
    _ = screen.translator()
    row = find(detail, Step.PICTURE)
    if row is None:
        return
    poster.maker(row.engine, row.model)
    poster.shortcomings(row)
    kind = literal.escape_markdown(str(row.output.get("digital_source_type", "")))
    if kind:
        st.caption(_("Downloads carry their origin inside (XMP DigitalSourceType): {kind}.").format(kind=kind))


def text(detail: CampaignDetail, *, busy: bool) -> None:
    """The words with what the checks say of them, and the forms to mend and edit them."""
    _ = screen.translator()
    copy = detail.copy_
    if copy is None:
        st.skeleton(height=220)
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.header(_("Text"), anchor=False, width="content")
        checks.chips(detail.findings)
    words.show(detail, copy)
    if not busy and not find_picture(detail):
        with st.container(horizontal=True, gap="xsmall"):
            downloads(detail)
    checks.listed(detail, screen.studio().desk.text(detail), None if busy else lambda codes: mend(detail, codes))
    row = find(detail, Step.COPY)
    if row:
        poster.maker(row.engine, row.model)
        stand_in(row)
    if not busy:
        with st.expander(_("Edit the text"), icon=":material/edit:", key="edit_text"):
            words.editor(detail, copy)
    notes(detail)


def stand_in(row: Generation) -> None:
    """Says so where the draft copywriter wrote in the place of a model whose copy kept its errors."""
    _ = screen.translator()
    refused = [str(each.get("model", "")) for each in row.output.get("refused", ())]
    models = [model for model in refused if model and model != row.model]
    if models and row.engine == "draft":
        said = _(
            "The copy of {model} did not pass its checks, so the draft copywriter wrote this one. What was refused "
            "is under “How it was made”."
        )
        st.info(literal.escape_markdown(said.format(model=models[0])), icon=":material/swap_horiz:")


def mend(detail: CampaignDetail, codes: frozenset[str] | None) -> None:
    """Have faults repaired by rule."""
    screen.act(lambda: screen.studio().desk.repair(detail.view.id, codes))


def notes(detail: CampaignDetail) -> None:
    """What in the brief itself made trouble."""
    _ = screen.translator()
    try:
        found = screen.studio().desk.check_brief(detail.brief)
    except ChamadaError:  # its episode is gone: nothing to say of the brief
        return
    about = _("About the brief")
    for finding in found:
        said = f"{about}: {checks.sentence(finding)}"
        st.caption(f":orange[:material/info:] {literal.escape_markdown(said)}")
