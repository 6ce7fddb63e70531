"""Every text the code can show has its translation, with the same placeholders."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from core import errors
from core.language import LANGUAGES
from core.settings import BUNDLED, ROOT

SOURCES = sorted(
    path for pattern in ("dashboard.py", "dataprep.py", "pages/*.py", "core/**/*.py") for path in ROOT.glob(pattern)
)
ERRORS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)}
MARKERS = {"_": 1, "N_": 1, "say": 1, "gettext": 1, "ngettext": 2} | dict.fromkeys(ERRORS, 1)
TRANSLATED = sorted(set(LANGUAGES) - {"en"})
PLACEHOLDER = re.compile(r"\{[^{}]*\}")


def messages(path: Path) -> Iterator[tuple[str, ...]]:
    """The message ids in a file: (singular,) or (singular, plural)."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        wanted = node.args[: MARKERS.get(name, 0)]
        texts = tuple(arg.value for arg in wanted if isinstance(arg, ast.Constant) and isinstance(arg.value, str))
        if texts and len(texts) == len(wanted):
            yield texts


def test_no_text_is_translated_where_the_collector_does_not_see_it() -> None:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            hidden = isinstance(node, ast.Call) and isinstance(node.func, ast.Call) and node.args
            if hidden and "translator" in ast.unparse(node.func):
                assert not isinstance(node.args[0], ast.Constant), f"{path.name}:{node.lineno}: call it _"


def all_messages() -> dict[tuple[str, ...], str]:
    return {texts: f"{path.relative_to(ROOT)}" for path in SOURCES for texts in messages(path)}


def catalogue(language: str):
    with (BUNDLED / "locales" / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language.replace("-", "_"), abort_invalid=True)


def test_the_walk_finds_what_it_should() -> None:
    found = all_messages()
    assert ("{n} episode", "{n} episodes") in found
    assert ("Your library",) in found
    assert any(where == "core/settings.py" for where in found.values())


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated(language: str) -> None:
    known = catalogue(language)
    missing = []
    for texts, where in all_messages().items():
        entry = known.get(texts[0])
        said = () if entry is None else entry.string if isinstance(entry.string, tuple) else (entry.string,)
        if len(said) < len(texts) or not all(said) or (entry is not None and entry.fuzzy):
            missing.append(f"{where}: {texts[0]}")
    assert not missing, "add to data/locales/{}.po:\n{}".format(language, "\n".join(missing))


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_keep_the_placeholders(language: str) -> None:
    for entry in catalogue(language):
        if not entry.id:
            continue
        ids = entry.id if isinstance(entry.id, tuple) else (entry.id,)
        said = entry.string if isinstance(entry.string, tuple) else (entry.string,)
        wanted = sorted(PLACEHOLDER.findall(ids[-1]))
        for text in said:
            assert sorted(PLACEHOLDER.findall(text)) == wanted, ids[0]


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_catalogue_holds_nothing_unused(language: str) -> None:
    used = {texts[0] for texts in all_messages()}
    unused = [
        entry.id
        for entry in catalogue(language)
        if entry.id and (entry.id[0] if isinstance(entry.id, tuple) else entry.id) not in used
    ]
    assert not unused, "no code says this any more: " + "; ".join(map(str, unused))


def test_no_message_hides_in_an_f_string() -> None:
    """There ``make messages`` would not find it, and would drop its translation."""
    hidden = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in SOURCES
        for text in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call)
        and getattr(call.func, "id", getattr(call.func, "attr", "")) in MARKERS
        and any(isinstance(argument, ast.Constant) for argument in call.args)
    ]
    assert not hidden
