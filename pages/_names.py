"""What screens call content types, platforms, tones, lengths and languages, and the icons they wear."""

from __future__ import annotations

from core.domain.campaign import Brief, ContentType, Length, Tone
from core.domain.gallery import CampaignView
from core.language import N_
from pages import _literal as literal
from pages import _screen as screen

CONTENT_TYPES = {
    ContentType.INSTAGRAM_POST: N_("Post"),
    ContentType.MARKETING_EMAIL: N_("E-mail"),
    ContentType.PRODUCT_DESCRIPTION: N_("Product description"),
    ContentType.X_POST: N_("X post"),
    ContentType.SHORT_VIDEO: N_("Short video script"),
}

ICONS = {
    ContentType.INSTAGRAM_POST: ":material/photo_camera:",
    ContentType.MARKETING_EMAIL: ":material/mail:",
    ContentType.PRODUCT_DESCRIPTION: ":material/sell:",
    ContentType.X_POST: ":material/tag:",
    ContentType.SHORT_VIDEO: ":material/movie:",
}

TONES = {
    Tone.ENTHUSIASTIC: N_("Enthusiastic"),
    Tone.INFORMATIVE: N_("Informative"),
    Tone.INSPIRING: N_("Inspiring"),
    Tone.PLAYFUL: N_("Playful"),
    Tone.ELEGANT: N_("Elegant"),
    Tone.URGENT: N_("Urgent"),
    Tone.WARM: N_("Warm"),
    Tone.DRAMATIC: N_("Dramatic"),
}

LENGTHS = {Length.SHORT: N_("Short"), Length.MEDIUM: N_("Medium"), Length.LONG: N_("Long")}

PLATFORMS = {
    "instagram_feed": N_("Instagram feed"),
    "instagram_story": N_("Instagram story"),
    "email": N_("E-mail"),
    "product_page": N_("Product page"),
}
"""Names that differ from language to language; the others are brands."""


def content_type(kind: ContentType | str) -> str:
    """``Post``, with its icon before it."""
    kind = ContentType(kind)
    return f"{ICONS[kind]} {screen.translator()(CONTENT_TYPES[kind])}"


def tone(which: Tone | str) -> str:
    """A tone's name."""
    return screen.translator()(TONES[Tone(which)])


def length(which: Length | str) -> str:
    """A length's name."""
    return screen.translator()(LENGTHS[Length(which)])


def platform(key: str, name: str = "") -> str:
    """A platform's name; ``name`` is what it calls itself."""
    return screen.translator()(PLATFORMS[key]) if key in PLATFORMS else name or key


def platforms(kind: ContentType | None = None) -> dict[str, str]:
    """Every platform's name -> its key; a content type's own first, or all of them."""
    desk = screen.studio().desk
    return {
        platform(each.key, literal.one_line(each.name)): each.key
        for one in ([kind] if kind else ContentType)
        for each in desk.platforms(one)
    }


def platform_of(kind: ContentType, key: str) -> str:
    """The name of one of a content type's platforms; "" where it names none."""
    return next((name for name, known in platforms(kind).items() if known == key), literal.one_line(key))


def campaign(view: CampaignView) -> str:
    """A campaign's title on one line, for plain places."""
    _ = screen.translator()
    return literal.one_line(view.title) or _("Campaign {n}").format(n=view.id)


def facts(view: CampaignView) -> str:
    """``Post · Instagram feed · Entusiasmado · 21 de nov. de 2026``, for plain places."""
    parts = (
        screen.translator()(CONTENT_TYPES[view.content_type]),
        platform_of(view.content_type, view.platform),
        tone(view.tone),
        literal.one_line(view.show or ""),
        screen.date(view.created_at.date()),
    )
    return " · ".join(dict.fromkeys(part for part in parts if part))


def subject(brief: Brief) -> str:
    """What a brief is about, on one line: its topic, or its episode or season."""
    if brief.topic:
        return literal.one_line(brief.topic)
    parts = [brief.show, "" if brief.season is None else screen.season_name(brief.season), brief.episode]
    return literal.one_line(" · ".join(part for part in parts if part))
