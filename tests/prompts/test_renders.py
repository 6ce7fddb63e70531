"""Prompts have stored renders, so that a change of wording is a visible diff.

After a wanted change: ``CHAMADA_WRITE_RENDERS=1 .venv/bin/pytest tests/prompts`` and read the diff.
"""

import os
from pathlib import Path

import pytest

from core.chains.episode import find_moments, scene_words
from core.chains.season import EpisodeSummary
from core.chains.summary import SummaryDraft
from core.domain.campaign import Brief, Concept, Copy, Facts
from core.domain.generation import Mood, Scene, Setting, Style
from core.domain.show import Answer, Summary
from core.domain.transcript import character_shares, spoiler_seqs
from core.platforms import find_platform
from core.prompts import FOLDER, render
from tests.show import EPISODES

RENDERS = Path(__file__).parent / "renders"
WRITE = os.environ.get("CHAMADA_WRITE_RENDERS") == "1"

episode = EPISODES[0]
summary = Summary(
    language="pt",
    text="A lâmpada do farol apaga com um barco no mar.",
    moments=find_moments(episode.lines, [2, 9], spoiler_seqs(episode.lines)),
    key_phrases=("lâmpada do farol", "chave"),
    characters=character_shares(episode.lines),
)
answers = (Answer(question="Quem conduz a história?", answer="Ana e Bia.", episodes=("S01E01",)),)
summaries = (EpisodeSummary(key=episode.key, title=episode.title, logline=None, summary=summary),)
show = {"show": "O Farol", "genre": "drama"}
scene = Scene(
    subject="A lighthouse above a misty sea.", setting=Setting.SEA, mood=Mood.MYSTERIOUS, motifs=("lighthouse", "boat")
)
brief = Brief(
    topic="O episódio em que o farol apaga",
    audience="Quem gosta de mistério",
    objective="Chamar para a estreia",
    keywords=("farol", "estreia"),
    call_to_action="Assista hoje. #OFarol",
    show="O Farol",
    season=1,
    episode=episode.key,
)
facts = Facts(
    **show,
    season=1,
    episode=episode.key,
    title=episode.title,
    label="Temporada 1 · Episódio 1",
    logline="Alguém apaga o farol.",
    summary=summary.text,
    scene=scene,
    moments=summary.moments,
)
VALUES = {
    "episode_summary": {
        "show": "O Farol",
        "key": episode.key,
        "title": episode.title,
        "logline": None,
        "lines": episode.lines,
        "spoiler_seqs": spoiler_seqs(episode.lines),
        "max_words": 120,
        "language": "pt",
    },
    "episode_parts": {
        "show": "O Farol",
        "key": episode.key,
        "title": episode.title,
        "logline": None,
        "parts": (SummaryDraft(text="A lâmpada apaga."), SummaryDraft(text="Bia acende\numa fogueira.")),
        "lines": tuple(line for line in episode.lines if line.seq in {2, 9}),
        "spoiler_seqs": spoiler_seqs(episode.lines),
        "max_words": 120,
        "language": "pt",
    },
    "image_prompt": {
        **show,
        **scene_words(),
        "key": episode.key,
        "title": episode.title,
        "logline": "Alguém apaga o farol.",
        "medium": Style.RECORTE.medium,
        "summary": summary,
        "findings": ("the prompt is empty",),
    },
    "season_answer": {**show, "season": 1, "language": "pt", "summaries": summaries, "question": "Qual é o tom?"},
    "season_followups": {**show, "season": 1, "language": "pt", "answers": answers},
    "season_subject": {**show, "season": 1, "language": "pt", "answers": answers},
    "season_prompt": {
        **show,
        **scene_words(),
        "medium": Style.RISO.medium,
        "subject": "um farol",
        "answers": answers,
        "findings": (),
    },
    "campaign_copy": {
        "brief": brief,
        "facts": facts,
        "platform": find_platform(brief),
        "seed": 0,
        "findings": ("The call to action is not in the text.",),
        "previous": "O farol apaga.",
    },
    "campaign_concept": {
        **scene_words(),
        "brief": brief,
        "facts": facts,
        "copy": Copy(headline="Quem apagou o farol?", text="O farol apaga com um barco no mar. Assista hoje."),
    },
    "campaign_image_prompt": {
        **scene_words(),
        "brief": brief,
        "facts": facts,
        "concept": Concept(kind="episode", subject=scene.subject, scene=scene),
        "findings": ("The image prompt is not in English.",),
    },
}


def test_every_template_has_a_render():
    assert {path.stem for path in FOLDER.glob("*.jinja")} == set(VALUES)


@pytest.mark.parametrize("name", sorted(VALUES))
def test_render(name):
    prompt = render(name, VALUES[name])
    text = "\n\n".join(f"--- {message.role}\n{message.content}" for message in prompt.messages) + "\n"
    stored = RENDERS / f"{name}.txt"
    if WRITE:
        stored.write_text(text, encoding="utf-8")
    assert text == stored.read_text(encoding="utf-8")
