"""core/engines/draft/study.py, season.py and tone.py: answers that rest on the stored summaries alone."""

import pytest

from core.chains.season import QUESTIONS, AnswerDraft, EpisodeSummary, FollowUps, SubjectDraft
from core.domain.show import CharacterShare, Moment, Summary
from core.engines.draft.study import MAX_SUBJECT_CHARS, answer_question, ask_follow_ups, compose_subject


def moment(quote: str, heading: str = "EXT. PÍER — NOITE", speaker: str = "LURDES", spoiler: bool = False) -> Moment:
    return Moment(seq=1, scene=1, heading=heading, speaker=speaker, quote=quote, spoiler=spoiler)


def episode(
    key: str, logline: str | None, phrases: tuple[str, ...], *moments: Moment, lurdes: int = 6
) -> EpisodeSummary:
    shares = (
        CharacterShare(name="LURDES", lines=lurdes, share=lurdes / 10),
        CharacterShare(name="TIÃO", lines=10 - lurdes, share=1 - lurdes / 10),
    )
    summary = Summary(language="pt", text=logline or "", moments=moments, key_phrases=phrases, characters=shares)
    return EpisodeSummary(key=key, title=None, logline=logline, summary=summary)


SEASON = (
    episode(
        "S01E01",
        "A rede de Lurdes aparece cortada no píer. Ninguém viu nada.",
        ("rede", "barco azul"),
        moment("Eu tenho medo. Um barco azul fugiu do canal."),
        moment("Medo de quê? O perigo passou."),
    ),
    episode(
        "S01E02",
        "A cidade procura o barco azul que cortou a rede.",
        ("barco azul", "Horizonte Azul"),
        moment("A Horizonte Azul mentiu sobre a rede.", "INT. RÁDIO — DIA", "TIÃO"),
        moment("O culpado é o Rogério, com a faca dele.", "INT. CADEIA — NOITE", spoiler=True),
    ),
    episode(
        "S01E03",
        "Lurdes costura a última rede e volta ao mar.",
        ("rede", "Horizonte Azul"),
        moment("A Horizonte Azul vai à polícia amanhã."),
        lurdes=2,
    ),
)


def ask(
    question_id: str, question: str = "", summaries: tuple[EpisodeSummary, ...] = SEASON, language: str = "pt"
) -> AnswerDraft:
    values = {
        "question_id": question_id,
        "question": question,
        "season": 1,
        "summaries": summaries,
        "language": language,
    }
    return AnswerDraft.model_validate(answer_question(values))


def test_protagonists_by_share_of_the_season() -> None:
    answer = ask("protagonists")
    assert answer.answer == "Quem mais fala: Tião (53 % das falas) e Lurdes (47 % das falas), em todos os episódios."
    assert answer.episodes == ("S01E01", "S01E02", "S01E03")


def test_places_that_return() -> None:
    assert ask("recurring_places").answer == "A história volta ao píer (S01E01, S01E03)."


def test_places_of_one_episode_each() -> None:
    assert ask("recurring_places", summaries=SEASON[:2]).answer.startswith("Nenhum lugar dos momentos escolhidos volta")


def test_images_that_return() -> None:
    answer = ask("recurring_images")
    assert "barco azul (S01E01, S01E02)" in answer.answer
    assert "rede (S01E01, S01E03)" in answer.answer
    assert "Horizonte Azul (S01E02, S01E03)" in answer.answer


def test_the_conflict_opens_with_the_first_logline() -> None:
    answer = ask("central_conflict")
    assert answer.answer.startswith("A rede de Lurdes aparece cortada no píer (S01E01). ")
    assert answer.episodes[0] == "S01E01"
    assert len(answer.episodes) == 2


def test_what_changes_is_the_first_and_the_last() -> None:
    answer = ask("what_changes")
    assert answer.answer == (
        "No começo (S01E01): A rede de Lurdes aparece cortada no píer. "
        "No fim (S01E03): Lurdes costura a última rede e volta ao mar."
    )
    assert answer.episodes == ("S01E01", "S01E03")
    assert ask("what_changes", summaries=SEASON[:1]).answer.startswith("Só há um episódio (S01E01)")


def test_the_tone_names_its_words() -> None:
    answer = ask("tone")
    assert answer.answer.startswith("O tom mais presente é tenso")
    assert "“medo”" in answer.answer
    assert "“rede”" not in answer.answer


def test_without_loglines_the_moments_speak() -> None:
    bare = tuple(item.model_copy(update={"logline": None}) for item in SEASON)
    assert "Lurdes: “A Horizonte Azul vai à polícia amanhã.”" in ask("what_changes", summaries=bare).answer
    assert ask("central_conflict", summaries=bare).answer.startswith("Em S01E0")


def test_follow_ups_ask_about_names_first_and_are_answered_by_quotes() -> None:
    values = {"season": 1, "summaries": SEASON, "language": "pt", "answers": ()}
    questions = FollowUps.model_validate(ask_follow_ups(values)).questions
    assert questions == ("Quem é ou o que é Horizonte Azul?", "O que se diz de “barco azul”?")
    answer = ask("follow_up_1", questions[0])
    assert answer.answer == (
        "Em S01E02, Tião: “A Horizonte Azul mentiu sobre a rede.” "
        "Em S01E03, Lurdes: “A Horizonte Azul vai à polícia amanhã.”"
    )
    assert answer.episodes == ("S01E02", "S01E03")


@pytest.mark.parametrize("question_id", [*QUESTIONS, "follow_up_1"])
def test_spoilers_stay_out_of_every_answer(question_id: str) -> None:
    answer = ask(question_id, "O que se diz de “faca”? E de Rogério?")
    assert "Rogério" not in answer.answer
    assert "faca" not in answer.answer


@pytest.mark.parametrize("language", ["pt", "en", "de", "und"])
@pytest.mark.parametrize("question_id", [*QUESTIONS, "follow_up_1"])
def test_nothing_known_is_said_plainly(question_id: str, language: str) -> None:
    empty = EpisodeSummary(key="S01E01", title=None, logline=None, summary=Summary(language="und", text=""))
    for summaries in ((), (empty,)):
        answer = ask(question_id, "Why?", summaries, language)
        assert answer.episodes == ()
        assert answer.answer.startswith("Os resumos" if language == "pt" else "The summaries")


def test_a_question_about_nothing_known_is_not_answered() -> None:
    assert ask("follow_up_1", "Quem é o Saci?").episodes == ()


def test_long_seasons_keep_within_the_schema() -> None:
    many = tuple(
        episode(
            f"S01E{n:03}",
            "A rede sumiu. " * 80,
            tuple(f"barco {w}" for w in "abcdefgh"),
            moment("Um barco azul. " * 30),
        )
        for n in range(150)
    )
    for question_id in QUESTIONS:
        answer = ask(question_id, summaries=many)
        assert 0 < len(answer.answer) <= 1200
        assert len(answer.episodes) <= 100


def test_the_subject_is_one_sentence_of_things_in_a_place() -> None:
    values = {"season": 1, "summaries": SEASON, "language": "pt", "answers": (), "show": "Maré Alta", "genre": None}
    subject = SubjectDraft.model_validate(compose_subject(values)).subject
    assert subject == "Um barco azul e uma rede no píer, em tom tenso."


def test_the_subject_of_nothing_is_the_show() -> None:
    values = {"summaries": (), "language": "en", "answers": (), "show": "High Tide" * 60}
    subject = compose_subject(values)["subject"]
    assert subject.startswith("High Tide")
    assert len(subject) <= MAX_SUBJECT_CHARS
