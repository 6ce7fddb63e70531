"""Screen languages: gettext catalogues kept as .po files in data/locales, compiled on first use."""

from __future__ import annotations

import gettext as gettext_module
import io
from collections.abc import Callable
from functools import lru_cache

from core.errors import ChamadaError
from core.settings import BUNDLED

LANGUAGES = {"pt-BR": "Português (Brasil)", "en": "English"}
"""Language tag -> its own name for itself. Message ids are English, so English needs no catalogue."""

Translate = Callable[[str], str]


def N_(message: str) -> str:  # noqa: N802 (gettext's own name for "mark, do not translate yet")
    """Mark a message id for the catalogues; the screen translates it."""
    return message


@lru_cache(maxsize=4)
def catalogue(language: str) -> gettext_module.NullTranslations:
    """The catalogue of ``language``; message ids pass through unchanged where there is none."""
    path = BUNDLED / "locales" / f"{language}.po"
    if not path.exists():
        return gettext_module.NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file))
    compiled.seek(0)
    return gettext_module.GNUTranslations(compiled)


def translator(language: str) -> Translate:
    """The ``_`` function of ``language``."""
    return catalogue(language).gettext


def explain(error: ChamadaError, language: str) -> str:
    """An error's sentence in ``language``."""
    return translator(language)(error.message).format(**error.values)
