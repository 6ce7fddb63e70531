"""Self-ask: fixed questions about a season, at most two follow-ups, then one subject for its posters.

Answers rest on the stored episode summaries alone and name the episodes they come from.
Source: Press et al., "Measuring and Narrowing the Compositionality Gap in Language Models" (2022).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from pydantic import Field

from core.chains.episode import IMAGE_PROMPT_OPTIONS, ask_illustration_prompt, clip_words
from core.chains.made import Made, Remember, ask
from core.domain.frozen import Frozen
from core.domain.generation import ImagePrompt, Step, Style
from core.domain.library import SeasonView, ShowView
from core.domain.show import Answer, SeasonStudy, Summary
from core.engines.base import TextEngine, TextOptions
from core.engines.gathering import ask_together
from core.errors import PromptTooLong

ANSWER_PROMPT = "season_answer"
FOLLOW_UPS_PROMPT = "season_followups"
SUBJECT_PROMPT = "season_subject"
STYLE_PROMPT = "season_prompt"

STUDY_OPTIONS = TextOptions(max_new_tokens=300)

QUESTIONS: dict[str, dict[str, str]] = {
    "central_conflict": {
        "pt": "Qual é o conflito central da temporada?",
        "en": "What is the season's central conflict?",
    },
    "protagonists": {
        "pt": "Quem conduz a história?",
        "en": "Who drives the story?",
    },
    "recurring_places": {
        "pt": "Que lugares voltam de episódio em episódio?",
        "en": "Which places return from episode to episode?",
    },
    "what_changes": {
        "pt": "O que muda entre o começo e o fim da temporada?",
        "en": "What changes between the beginning and the end of the season?",
    },
    "tone": {
        "pt": "Qual é o tom da temporada?",
        "en": "What is the season's tone?",
    },
    "recurring_images": {
        "pt": "Que objetos e imagens se repetem?",
        "en": "Which objects and images recur?",
    },
}
"""Question id -> wording by language. Every season answers these first; other languages are asked in English."""


SHORTER_SUMMARIES = (120, 80, 40, 20)
"""Words left of each episode's summary where a season of whole ones is more than the model reads: Llama 3's 8,192
tokens hold some 20 episodes of 250 words."""


class EpisodeSummary(Frozen):
    """An episode's stored summary, as a season's questions see it."""

    key: str
    title: str | None
    logline: str | None
    summary: Summary


class AnswerDraft(Frozen):
    """What an engine answers to one question."""

    answer: str = Field(max_length=1200)
    episodes: tuple[str, ...] = Field(default=(), max_length=100)


class FollowUps(Frozen):
    """The questions an engine asks itself."""

    questions: tuple[str, ...] = Field(default=(), max_length=2)


class SubjectDraft(Frozen):
    """The one subject."""

    subject: str = Field(max_length=500)


def question_words(question_id: str, language: str) -> str:
    """The fixed question in ``language`` (``pt`` or English)."""
    words = QUESTIONS[question_id]
    return words["pt" if language.startswith("pt") else "en"]


def season_language(summaries: Sequence[EpisodeSummary]) -> str:
    """The language most of the summaries are in; English for a season with none."""
    tags = [item.summary.language for item in summaries]
    return max(sorted(set(tags)), key=tags.count, default="en")


def study_season(
    engine: TextEngine,
    show: ShowView,
    season: SeasonView,
    summaries: Sequence[EpisodeSummary],
    remember: Remember,
    options: TextOptions = STUDY_OPTIONS,
) -> Made[SeasonStudy]:
    """Ask, answer, ask again and compose the subject.

    Args:
        remember: keeps each answer as it comes, so that an interrupted study goes on where it stopped.

    Raises:
        EngineError: the engine could not answer.
    """
    language = season_language(summaries)
    values: dict[str, Any] = {
        "show": show.name,
        "genre": show.genre,
        "season": season.number,
        "language": language,
        "summaries": tuple(summaries),
    }

    # 1. The questions every season gets
    def answer(question_id: str, question: str, asked_by: str) -> Answer:
        given = {**values, "question_id": question_id, "question": question}

        def run() -> Made[Answer]:
            made = ask_of_season(engine, given, summaries, options)
            return accept_answer(made, question, asked_by, summaries)

        return remember(Step.ANSWER, question_id, Answer, run)

    fixed = [partial(answer, key, question_words(key, language), "fixed") for key in QUESTIONS]
    answers = ask_together(engine, fixed)

    # 2. What they leave open
    given = {**values, "answers": tuple(answers)}
    asked = remember(Step.FOLLOW_UPS, "", FollowUps, lambda: ask(engine, FOLLOW_UPS_PROMPT, given, FollowUps, options))
    own = [partial(answer, f"follow_up_{number}", words, "engine") for number, words in enumerate(asked.questions, 1)]
    answers += ask_together(engine, own)

    # 3. One subject from all of it
    made = ask(engine, SUBJECT_PROMPT, {**values, "answers": tuple(answers)}, SubjectDraft, options)
    return made.become(SeasonStudy(answers=tuple(answers), subject=made.value.subject))


def ask_of_season(
    engine: TextEngine, given: Mapping[str, Any], summaries: Sequence[EpisodeSummary], options: TextOptions
) -> Made[AnswerDraft]:
    """The answer from whole summaries or, where the model cannot read so much, from shorter and shorter ones."""
    for words in SHORTER_SUMMARIES:
        try:
            return ask(engine, ANSWER_PROMPT, given, AnswerDraft, options)
        except PromptTooLong:
            given = {**given, "summaries": tuple(shorten(item, words) for item in summaries)}
    return ask(engine, ANSWER_PROMPT, given, AnswerDraft, options)


def shorten(item: EpisodeSummary, words: int) -> EpisodeSummary:
    """``item`` with at most ``words`` words of its summary."""
    return item.model_copy(
        update={"summary": item.summary.model_copy(update={"text": clip_words(item.summary.text, words)})}
    )


def accept_answer(
    made: Made[AnswerDraft], question: str, asked_by: str, summaries: Sequence[EpisodeSummary]
) -> Made[Answer]:
    """Keep only the episode keys that exist: an engine may cite, not invent."""
    known = {item.key for item in summaries}
    cited = tuple(dict.fromkeys(key for key in made.value.episodes if key in known))
    invented = [key for key in made.value.episodes if key not in known]
    findings = tuple(f"cited an episode that does not exist: {key}" for key in invented)
    value = Answer(question=question, answer=made.value.answer.strip(), episodes=cited, asked_by=asked_by)
    return made.become(value, findings)


def write_style_prompt(
    engine: TextEngine,
    show: ShowView,
    study: SeasonStudy,
    summaries: Sequence[EpisodeSummary],
    style: Style,
    options: TextOptions = IMAGE_PROMPT_OPTIONS,
) -> Made[ImagePrompt]:
    """Write the image prompt of the season's subject in ``style``.

    Raises:
        EngineError: the engine could not answer.
    """
    values: dict[str, Any] = {
        "show": show.name,
        "genre": show.genre,
        "language": season_language(summaries),
        "subject": study.subject,
        "answers": study.answers,
        "summaries": tuple(summaries),
        "style": style.value,
    }
    names = sorted({share.name for item in summaries for share in item.summary.characters})
    return ask_illustration_prompt(engine, STYLE_PROMPT, values, names, style, options)
