"""Plants one fault into a clean post, of each kind in turn: what the checks of copy must find."""

import json
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import cycle
from pathlib import Path
from typing import Any, NamedTuple

from core.domain.campaign import Brief, ContentType, Facts

FOLDER = Path(__file__).parent
WORDS: dict[str, Any] = json.loads((FOLDER / "faults.json").read_text(encoding="utf-8"))
HASHTAG = re.compile(r"\s*#\w+")
NUMBER = re.compile(r"(?<![\w.,:#@/])\d{1,3}(?![\w.,:/]*\w)")
LABEL = re.compile(r"^(?:Legenda|Caption): ", re.MULTILINE)


class Post(NamedTuple):
    """A clean post with its brief.

    Attributes:
        names: proper names of the subject, all of them; empty where it has none.
    """

    id: str
    brief: Brief
    facts: Facts | None
    text: str
    names: tuple[str, ...]

    @property
    def call(self) -> str:
        """The call to action as it stands in the text, without its hashtags."""
        return HASHTAG.sub("", self.brief.call_to_action).strip()

    @property
    def hashtags(self) -> list[str]:
        """Those in the text, as they stand there, with the space before each."""
        return HASHTAG.findall(self.text)

    def say(self, kind: str, turn: int) -> str:
        """One of the sentences of ``kind`` in the post's language."""
        phrases: list[str] = WORDS[kind][self.brief.language]
        return phrases[turn % len(phrases)]

    def insert(self, sentence: str) -> str:
        """The text with ``sentence`` before the call to action."""
        at = self.text.rindex(self.call)
        return f"{self.text[:at]}{sentence} {self.text[at:]}"


class Planted(NamedTuple):
    """A post with one fault, and the code of the finding that it must give."""

    post: Post
    code: str
    text: str


Planter = Callable[[Post, int], str | None]
"""Gives the text with the fault, the ``turn``-th of its kind; None where the post has no place for it."""


@lru_cache(maxsize=1)
def load_briefs() -> dict[str, tuple[Brief, Facts | None]]:
    """The fifty briefs by id."""
    stored = json.loads((FOLDER / "briefs.json").read_text(encoding="utf-8"))["briefs"]
    return {
        each["id"]: (Brief.model_validate(each["brief"]), each["facts"] and Facts.model_validate(each["facts"]))
        for each in stored
    }


def load_posts(name: str = "clean_posts") -> list[Post]:
    """The two hundred clean posts, or those of another file."""
    briefs = load_briefs()
    return [
        Post(
            id=each["id"],
            brief=Brief.model_validate(each["brief"]),
            facts=briefs[each["facts_of"]][1] if "facts_of" in each else None,
            text=each["text"],
            names=tuple(each.get("names", ())),
        )
        for each in json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))["posts"]
    ]


def plant_faults(posts: list[Post], total: int = 200) -> Iterator[Planted]:
    """``total`` posts with one fault each: the kinds in turn, every kind going its own way through the posts."""
    apart = len(posts) // len(PLANTERS)
    sources = {code: cycle(posts[apart * at :] + posts[: apart * at]) for at, code in enumerate(PLANTERS)}
    for made, (code, plant) in zip(range(total), cycle(PLANTERS.items()), strict=False):
        turn = made // len(PLANTERS)
        post, text = next((post, text) for post in sources[code] if (text := plant(post, turn)))
        yield Planted(post, code, text)


def _of(kind: ContentType, post: Post) -> bool:
    return post.brief.content_type is kind


def _open(post: Post, turn: int) -> str | None:
    if _of(ContentType.SHORT_VIDEO, post) or _of(ContentType.MARKETING_EMAIL, post):
        return None
    return post.say("openings", turn) + post.text if turn % 2 == 0 else post.text + post.say("closings", turn)


def _alter_call(post: Post, turn: int) -> str:
    words = post.call.split()
    at = 1 + turn % max(1, len(words) - 2)
    if turn % 3 == 0 or len(words) < 4:
        changed = [*words[:at], "já", *words[at:]]
    elif turn % 3 == 1:
        changed = [*words[:at], *words[at + 1 :]]
    else:
        changed = [*words[:-1], "agora", words[-1]]
    return post.text.replace(post.call, " ".join(changed))


def _drop_call(post: Post, turn: int) -> str:
    return post.text.replace(post.call, "").rstrip()


def _drop_hashtag(post: Post, turn: int) -> str | None:
    tags = post.hashtags
    return post.text.replace(tags[turn % len(tags)], "", 1) if tags else None


def _alter_hashtag(post: Post, turn: int) -> str | None:
    tags = post.hashtags
    return post.text.replace(tags[0], tags[0] + ("s" if turn % 2 else "Oficial"), 1) if tags else None


def _add_hashtag(post: Post, turn: int) -> str | None:
    return f"{post.text} {post.say('hashtags', turn)}" if post.hashtags else None


def _add_many_hashtags(post: Post, turn: int) -> str | None:
    if not _of(ContentType.INSTAGRAM_POST, post):
        return None
    return " ".join([post.text, *WORDS["hashtags"][post.brief.language]])


def _add_hashtag_to_email(post: Post, turn: int) -> str | None:
    return f"{post.text}\n\n{post.say('hashtags', turn)}" if _of(ContentType.MARKETING_EMAIL, post) else None


def _alter_number(post: Post, turn: int) -> str | None:
    if turn % 2:
        sentence = post.say("numbers", turn // 2)
        known = any(number in post.brief.topic for number in re.findall(r"\d+", sentence))
        return None if known else post.insert(sentence)
    body = post.text[: post.text.rindex(post.call)]
    found = [match for match in NUMBER.finditer(body) if "Cena" not in body[max(0, match.start() - 7) : match.start()]]
    if not found or _of(ContentType.SHORT_VIDEO, post):
        return None
    start, end = found[-1].span()
    return f"{post.text[:start]}{int(found[-1].group()) + 13}{post.text[end:]}"


def _drop_name(post: Post, turn: int) -> str | None:
    text, instead = post.text, "novidade" if post.brief.language == "pt-BR" else "new"
    for name in post.names:
        text = re.sub(rf"(?<![#\w]){re.escape(name)}(?!\w)", instead, text)
    return text if text != post.text and post.call in text else None


def _change_language(post: Post, turn: int) -> str | None:
    foreign = post.say("other_language", turn)
    if turn % 2 == 0:
        return post.insert(foreign)
    return f"{foreign} {post.call}{''.join(post.hashtags)}" if _of(ContentType.INSTAGRAM_POST, post) else None


def _write_european(post: Post, turn: int) -> str | None:
    phrases: list[str] = WORDS["european"]
    return post.insert(phrases[turn % len(phrases)]) if post.brief.language == "pt-BR" else None


def _misspell(post: Post, turn: int) -> str | None:
    """Two letters changed places, one doubled, one lost, or an accent lost, in a long word of the text."""
    at = post.text.rindex(post.call)
    words = [match.group() for match in re.finditer(r"(?<=\s)[a-zà-ú]{7,}(?=[\s,.])", post.text[:at])]
    accented = [word for word in words if re.search("[çãõ]", word)]
    word = max(words, key=len, default="")
    if not word or (turn % 4 == 3 and not accented):
        return None
    slips = (
        f"{word[:3]}{word[4]}{word[3]}{word[5:]}" if word[3] != word[4] else f"{word[:3]}{word[4:]}",
        f"{word[:4]}{word[3]}{word[4:]}",
        f"{word[:-3]}{word[-2:]}",
        (accented or [word])[0].translate(str.maketrans("çãõ", "cao")),
    )
    wrong = slips[turn % 4]
    return re.sub(rf"(?<=\s){accented[0] if turn % 4 == 3 else word}(?=[\s,.])", wrong, post.text[:at]) + post.text[at:]


def _claim(post: Post, turn: int) -> str | None:
    return None if post.facts else post.insert(post.say("claims", turn))  # a story may speak of cures


def _run_over(post: Post, turn: int) -> str | None:
    return post.insert(WORDS["long"][post.brief.language].strip()) if _of(ContentType.X_POST, post) else None


def _drop_subject_line(post: Post, turn: int) -> str | None:
    return post.text.split("\n\n", 1)[1] if _of(ContentType.MARKETING_EMAIL, post) else None


def _stretch_subject_line(post: Post, turn: int) -> str | None:
    if not _of(ContentType.MARKETING_EMAIL, post):
        return None
    line, rest = post.text.split("\n\n", 1)
    return f"{line}{WORDS['subject_line'][post.brief.language]}\n\n{rest}"


def _drop_scenes(post: Post, turn: int) -> str | None:
    return LABEL.split(post.text)[-1] if _of(ContentType.SHORT_VIDEO, post) else None


def _leave_placeholder(post: Post, turn: int) -> str:
    return post.insert(post.say("placeholders", turn))


def _add_address(post: Post, turn: int) -> str:
    return post.insert(post.say("addresses", turn))


def _add_handle(post: Post, turn: int) -> str:
    return post.insert(post.say("handles", turn))


def _repeat(post: Post, turn: int) -> str | None:
    if _of(ContentType.SHORT_VIDEO, post):
        return None
    body = post.text[: post.text.rindex(post.call)]
    if turn % 2 == 0:
        word = re.search(r"(?<=[a-zà-ú] )(?:de|com|para|uma|the|with|a|of|em)(?= [a-zà-ú])", body)
        return f"{post.text[: word.end()]} {word.group()}{post.text[word.end() :]}" if word else None
    sentences = [each for each in re.findall(r"[^.!?\n]+[.!?](?=\s|$)", body) if len(each.split()) > 5]
    return post.insert(sentences[0].strip()) if sentences and ":" not in sentences[0] else None


def _mark_up(post: Post, turn: int) -> str:
    first, rest = post.text.split(" ", 1)
    return f"**{first}** {rest}" if turn % 2 else f"# {first} {rest}"


def _shout(post: Post, turn: int) -> str | None:
    if _of(ContentType.SHORT_VIDEO, post):
        return None  # what is seen is not said
    at = post.text.rindex(post.call)
    return re.sub(r"\.(?=\s)", "!!!", post.text[:at], count=1 + turn % 2) + post.text[at:]


def _talk_on(post: Post, turn: int) -> str | None:
    if _of(ContentType.SHORT_VIDEO, post):
        return None  # its length is that of the narration
    return post.insert(" ".join(WORDS["filler"][post.brief.language]))


PLANTERS: dict[str, Planter] = {
    "preamble": _open,
    "call_to_action_altered": _alter_call,
    "call_to_action_missing": _drop_call,
    "hashtag_missing": _drop_hashtag,
    "hashtag_invented": lambda post, turn: (_add_hashtag if turn % 2 else _alter_hashtag)(post, turn),
    "too_many_hashtags": _add_many_hashtags,
    "hashtags_in_email": _add_hashtag_to_email,
    "number_not_in_brief": _alter_number,
    "subject_not_named": _drop_name,
    "wrong_language": _change_language,
    "european_portuguese": _write_european,
    "spelling": _misspell,
    "unproven_claim": _claim,
    "over_limit": _run_over,
    "subject_line_missing": _drop_subject_line,
    "subject_line_too_long": _stretch_subject_line,
    "scenes_missing": _drop_scenes,
    "placeholder": _leave_placeholder,
    "url_invented": _add_address,
    "handle_invented": _add_handle,
    "repetition": _repeat,
    "markup": _mark_up,
    "exclamations": _shout,
    "sentence_count": _talk_on,
}
"""Code of the finding -> what plants its fault."""
