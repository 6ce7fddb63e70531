"""The picture of a campaign, composed: which thing of the brief it shows, where and in what light, and its prompt.

Everything printed comes from ``data/concepts.json``, ``data/motifs.json`` and ``data/moods.json``. The brief only
chooses among them, so that no name and no instruction in it can reach an image prompt, and what is not known there
gets a plain picture that fits rather than a wrong one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from core.checks.clip import LIMIT, count_tokens
from core.checks.request import strip_request
from core.domain.campaign import Brief, Concept, ContentType, Copy, Facts
from core.domain.generation import ImagePrompt, Mood, Scene, Setting, TimeOfDay
from core.engines.draft.atmosphere import Atmosphere, Part, count_votes, draw, load_atmospheres
from core.engines.draft.ideas import Idea, blank, drop_absences, find_ideas, find_texture, load_concepts, sells
from core.engines.draft.motifs import find_motifs
from core.engines.draft.nouns import Role, load_motifs
from core.engines.draft.scenery import Picture
from core.engines.draft.wording import COMPOSITIONS, NEGATIVE, join_phrases, noun_phrase, write_prompt, write_subject

COMPANIONS = {"product": 1, "topic": 2}
"""Things of the brief beside the one that a picture is about, at most."""

VIEWS = (
    "shallow depth of field",
    "seen slightly from above",
    "centered composition with open space above",
    "low angle with a soft background",
    "close view with clear margins",
)
"""How a thing is photographed."""

STUDIO = "soft studio light"


class Lead(NamedTuple):
    """What a picture is about, and the names of the motifs that may stand beside it."""

    idea: Idea
    beside: tuple[str, ...]


def compose_concept(values: Mapping[str, Any]) -> dict[str, Any]:
    """The idea of a campaign's picture, as the fields of a Concept.

    Args:
        values: ``brief``, ``facts`` (or None), ``copy`` and ``seed``.
    """
    brief: Brief = values["brief"]
    facts: Facts | None = values["facts"]
    key = f"{brief.topic}|{values['seed']}"
    if facts is not None and facts.scene is not None:
        return _from_episode(facts.scene, key).model_dump()
    return _from_brief(brief, facts, values["copy"], key).model_dump()


def compose_image_prompt(values: Mapping[str, Any]) -> dict[str, Any]:
    """The English prompt of a concept, as the fields of an ImagePrompt.

    Args:
        values: ``concept`` and ``seed``, which draws the view.
    """
    concept: Concept = values["concept"]
    scene, key = concept.scene, f"{concept.subject}|{values['seed']}"
    if concept.kind == "episode":
        air = Atmosphere(scene.mood, scene.setting, scene.time_of_day)
        words = write_prompt(scene.motifs, air, key)
    else:
        words = _photograph(concept, key)
    return ImagePrompt(prompt=words, negative_prompt=NEGATIVE, scene=scene).model_dump()


def _from_episode(scene: Scene, key: str) -> Concept:
    """The poster's scene at another hour or with another of its things in front, so that it is a picture of its own."""
    hours = [hour for hour in TimeOfDay if hour is not scene.time_of_day]
    sky = [name for name in scene.motifs if load_motifs()[name].role is Role.SKY]
    others = [name for name in scene.motifs if name not in sky]
    time = scene.time_of_day if sky else draw(hours, key)  # a moon keeps its night
    first = draw(range(min(2, len(others)) or 1), key)
    motifs = (*others[first : first + 1], *others[:first], *others[first + 1 :], *sky)
    air = Atmosphere(scene.mood, scene.setting, time)
    subject = write_subject(motifs, air) if motifs else scene.subject
    turned = scene.model_copy(update={"subject": subject, "time_of_day": time, "motifs": motifs})
    return Concept(kind="episode", subject=subject, scene=turned)


def _from_brief(brief: Brief, facts: Facts | None, copy: Copy, key: str) -> Concept:
    language: Literal["pt", "en"] = "en" if brief.language == "en" else "pt"
    about = facts.logline or facts.title if facts else ""
    said = (strip_request(brief.topic) or about, "; ".join(brief.keywords), copy.headline)
    texts = [drop_absences(text, language) for text in said]
    lead = _find_lead(texts, language, brief)
    air = _find_air(brief, texts, language, lead.idea)
    picture = Picture(air.time_of_day, frozenset())
    most = len(lead.idea.motifs) + COMPANIONS[lead.idea.kind]
    for name in (*lead.idea.motifs, *lead.beside):
        if len(picture.chosen) < most:
            picture.add(load_motifs()[name])
    motifs = tuple(motif.name for motif in picture.chosen)
    looks = _find_looks(lead.idea, texts, language)
    subject = _describe(lead.idea, air.setting, looks, [name for name in motifs if name not in lead.idea.motifs])
    scene = Scene(subject=subject, setting=air.setting, time_of_day=air.time_of_day, mood=air.mood, motifs=motifs)
    return Concept(kind=lead.idea.kind, subject=subject, scene=scene)


def _find_lead(texts: Sequence[str], language: Literal["pt", "en"], brief: Brief) -> Lead:
    """The first thing that the topic names leads; else the keywords', else the headline's, else a generic one."""
    ranked: list[tuple[bool, int, int, Idea]] = []
    beside: list[str] = []
    for place, text in enumerate(texts):
        hits = sorted(find_motifs(text, language, context="\n".join(texts)), key=lambda hit: hit.first)
        ranked += [(one.idea.weak, place, one.start, one.idea) for one in find_ideas(text, language)]
        ranked += [(False, place, hit.first, _from_motif(hit.name)) for hit in hits]
        # A headline's images are the copywriter's, not the brief's.
        beside += [hit.name for hit in hits if place < 2 and load_motifs()[hit.name].weight > 2]
    if ranked:
        # An idea stands before a motif of the same word: sorting is stable.
        lead = min(ranked, key=lambda one: one[:3])[3]
    else:
        goods = brief.content_type is ContentType.PRODUCT_DESCRIPTION or sells(brief.topic, language)
        lead = load_concepts().generic["product" if goods else "topic"]
    things = (Role.FOREGROUND, Role.FIGURE) if lead.kind == "product" else tuple(Role)
    return Lead(lead, tuple(name for name in dict.fromkeys(beside) if load_motifs()[name].role in things))


def _from_motif(name: str) -> Idea:
    """A thing that is no idea of its own but can be drawn."""
    thing = load_motifs()[name].role is Role.FOREGROUND
    kind: Literal["product", "topic"] = "product" if thing else "topic"
    setting = Setting.INTERIOR if thing else Setting.CITY
    return Idea(pt=(), en=(), kind=kind, subject=noun_phrase(name), motifs=(name,), setting=setting)


def _find_air(brief: Brief, texts: Sequence[str], language: Literal["pt", "en"], idea: Idea) -> Atmosphere:
    """Mood by the brief's tone; place and light out of doors by its words, else by the idea and the tone."""
    mood = load_concepts().tones[brief.tone]
    by_mood = {Mood.MYSTERIOUS: TimeOfDay.NIGHT, Mood.ROMANTIC: TimeOfDay.DUSK}
    usual = idea.time_of_day or by_mood.get(mood, TimeOfDay.DAY)
    if idea.setting is Setting.INTERIOR:
        return Atmosphere(mood, idea.setting, usual)
    place, time = (_vote(texts, kind, language) for kind in ("settings", "times"))
    setting = idea.setting if place in ("", Setting.INTERIOR) else Setting(place)
    return Atmosphere(mood, setting, TimeOfDay(time) if time else usual)


def _vote(texts: Sequence[str], kind: str, language: Literal["pt", "en"]) -> str:
    """The setting or time that the topic and the keywords speak of most; "" where they speak of none."""
    # The words that name an idea have had their say: a "meia maratona" is not run at "meia-noite".
    parts = [Part(blank(text, (one[:2] for one in find_ideas(text, language))), 1.0) for text in texts[:2]]
    votes = count_votes(parts, kind, language)
    return max(votes, key=lambda one: votes[one], default="")


def _find_looks(idea: Idea, texts: Sequence[str], language: Literal["pt", "en"]) -> list[str]:
    """What goods are made of, and what is behind those that stand indoors."""
    if idea.kind != "product":
        return []
    texture = find_texture(texts[0], language)
    looks = [f"{texture} texture"] if texture and texture not in idea.subject else []
    place = _vote(texts, "settings", language) if idea.setting is Setting.INTERIOR else ""
    behind = load_concepts().backdrops.get(Setting(place)) if place else None
    return [*looks, behind] if behind else looks


def _describe(idea: Idea, setting: Setting, looks: Sequence[str], beside: Sequence[str]) -> str:
    """One English clause: ``An elegant bag on a plain plinth, leather texture, with a mirror nearby``."""
    stage = idea.stage if setting is idea.setting and idea.stage else load_concepts().stages[setting]
    words = idea.subject if idea.kind == "topic" and not idea.stage else f"{idea.subject} {stage}"
    words = ", ".join([words, *looks])
    if beside:
        words += f", with {join_phrases([noun_phrase(name) for name in beside])} nearby"
    return words[0].upper() + words[1:]


def _photograph(concept: Concept, key: str) -> str:
    """A photograph's prompt that fits CLIP; whole clauses go while it is too long."""
    scene, words = concept.scene, load_atmospheres()
    indoors = scene.setting is Setting.INTERIOR
    light = STUDIO if concept.kind == "product" and indoors else words.times[scene.time_of_day].light
    views = VIEWS if concept.kind == "product" else COMPOSITIONS
    subject = concept.subject[0].lower() + concept.subject[1:]
    clauses = [*f"{load_concepts().media[concept.kind]} {subject}".split(", "), light, words.moods[scene.mood].palette]
    clauses.append(draw(views, key))
    while len(clauses) > 1 and count_tokens(", ".join(clauses)) > LIMIT:
        clauses.pop()
    return ", ".join(clauses)
