"""The tone of a text: words of each mood, counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from core.domain.generation import Mood
from core.engines.draft.language import base_language, find_words, stem, word_set

MOOD_WORDS = {
    Mood.CALM: word_set(
        """
        calma calmo sossego descanso brisa silêncio manso sereno devagar paz
        calm quiet gentle peace breeze slow rest silence still
        """
    ),
    Mood.EPIC: word_set(
        """
        batalha guerra herói coragem lutar luta vencer exército coroa império destino resistir
        battle war hero courage fight army crown empire destiny victory resist
        """
    ),
    Mood.HOPEFUL: word_set(
        """
        esperança voltar recomeçar futuro juntos salvar acreditar sonho promessa prometer amanhecer ajudar
        hope return begin future together save believe dream promise dawn help
        """
    ),
    Mood.JOYFUL: word_set(
        """
        festa rir riso alegria feliz dançar dança música brincar casamento bolo aplauso
        party laugh joy happy dance music play fun cheer wedding cake
        """
    ),
    Mood.MELANCHOLIC: word_set(
        """
        saudade chorar triste tristeza perder perda luto sozinho velório morrer adeus lágrima doente
        cry sad loss lose lost grief alone funeral die goodbye tear sorrow miss sick
        """
    ),
    Mood.MYSTERIOUS: word_set(
        """
        segredo mistério neblina esconder sumir estranho sombra envelope enigma desconhecido misterioso
        secret mystery fog hide vanish strange shadow riddle unknown alien disappear
        """
    ),
    Mood.ROMANTIC: word_set(
        """
        amor amar beijo beijar namorar namorado paixão noiva noivo apaixonado coração flores
        love kiss romance sweetheart passion bride groom heart flowers darling
        """
    ),
    Mood.TENSE: word_set(
        """
        medo ameaça ameaçar fugir correr faca cortar mentir mentira polícia delegado preso prisão crime matar arma
        perigo falso denúncia chantagem tempestade
        fear threat run escape knife cut lie police prison crime kill gun danger false bomb storm blackmail
        """
    ),
}
"""Words that carry a mood, in Portuguese and English; counted by stem."""

MIN_HITS = 3
"""Fewer words of a mood than this are chance."""


@dataclass(frozen=True)
class Tone:
    """A mood with the words that carry it, the most frequent first, and the episodes they are in."""

    mood: Mood
    words: tuple[str, ...]
    episodes: tuple[str, ...]


def find_tones(texts: Iterable[tuple[str, str]], language: str) -> tuple[Tone, ...]:
    """The moods of a season's (episode key, text) pairs, strongest first; one with under three words is left out."""
    tag = base_language(language)
    mood_of = {stem(word, tag): mood for mood, words in MOOD_WORDS.items() for word in sorted(words)}
    words: dict[Mood, Counter[str]] = {mood: Counter() for mood in Mood}
    episodes: dict[Mood, dict[str, None]] = {mood: {} for mood in Mood}
    for key, text in texts:
        for word in find_words(text):
            mood = mood_of.get(stem(word, tag))
            if mood is not None and len(word) > 2:
                words[mood][word.casefold()] += 1
                episodes[mood][key] = None
    ranked = sorted(Mood, key=lambda mood: -words[mood].total())
    return tuple(
        Tone(mood, tuple(word for word, _ in words[mood].most_common(3)), tuple(sorted(episodes[mood])))
        for mood in ranked
        if words[mood].total() >= MIN_HITS
    )
