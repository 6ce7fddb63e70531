"""What every page starts from: the one studio, the language chosen, and errors said in plain words."""

from __future__ import annotations

import datetime as dt
import logging
import secrets
import shlex
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

import streamlit as st

from core.domain.generation import Step, Style
from core.domain.show import is_year
from core.errors import ChamadaError, LibraryDamaged, LibraryLocked, SettingsError
from core.language import LANGUAGES, N_, Translate, catalogue, explain
from core.settings import DEMO_FOLDER, DEMO_NAME, ROOT, settings
from core.studio import Studio
from pages import _literal as literal

log = logging.getLogger("chamada.pages")

LANGUAGE_KEY = "lang"

_INSIDE = ContextVar("inside dashboard.py", default=False)

STEPS = {
    Step.SUMMARY: N_("Summary"),
    Step.IMAGE_PROMPT: N_("Image prompt"),
    Step.ILLUSTRATION: N_("Illustration"),
    Step.ANSWER: N_("Answer"),
    Step.FOLLOW_UPS: N_("Follow-up questions"),
    Step.STUDY: N_("Season study"),
    Step.PART: N_("Part of an episode"),
    Step.STYLE_PROMPT: N_("Season image prompt"),
    Step.STYLE_ILLUSTRATION: N_("Season poster"),
    Step.COPY: N_("Text"),
    Step.CONCEPT: N_("Idea of the picture"),
    Step.PICTURE: N_("Picture"),
    Step.COMPOSITION: N_("Composition"),
}

STYLES = {
    Style.RECORTE: N_("Paper cut"),
    Style.RISO: N_("Risograph"),
    Style.NOTURNO: N_("Nocturne"),
    Style.TIPOGRAFICO: N_("Typographic"),
    Style.CORDEL: N_("Cordel woodcut"),
}


@st.cache_resource(show_spinner=False)
def studio() -> Studio:
    """The studio all pages and all browser tabs share."""
    return Studio.open()


def come_through_dashboard(page: str) -> None:
    """Start again at dashboard.py if Streamlit ran ``page`` without it. Every page calls this first, with __file__.

    When the first visit after a server's start goes straight to a page of a folder called ``pages``, Streamlit runs
    that script by itself. Calling st.navigation ends this for the life of the server.
    """
    if not _INSIDE.get():
        st.navigation([st.Page(ROOT / "dashboard.py", default=True), st.Page(page)], position="hidden")
        st.rerun()


def default_language() -> str:
    """The language of the settings; Portuguese where they cannot be read."""
    try:
        return settings().language
    except SettingsError:
        return "pt-BR"


def language_label(tag: str) -> str:
    """A language's own name for itself, without the country: what the switch and the address say."""
    return LANGUAGES[tag].split(" (")[0]


def choose_language() -> None:
    """Put the language switch in the sidebar; the choice lives in the address, so it survives a refresh."""
    st.sidebar.segmented_control(
        "Idioma / Language",
        list(LANGUAGES),
        default=default_language(),
        required=True,
        format_func=language_label,
        key=LANGUAGE_KEY,
        bind="query-params",
    )


def language() -> str:
    """The language tag chosen on screen."""
    chosen = st.session_state.get(LANGUAGE_KEY)
    return chosen if chosen in LANGUAGES else default_language()


def translator() -> Translate:
    """The ``_`` of the language chosen."""
    return catalogue(language()).gettext


def fill(message: str, values: Mapping[str, object]) -> str:
    """A stored message in the language chosen, filled in; not escaped."""
    return translator()(message).format(**values)


def ngettext(singular: str, plural: str, n: int) -> str:
    """The right plural form for ``n``, filled in as ``{n}``."""
    return catalogue(language()).ngettext(singular, plural, n).format(n=number(n))


def number(value: int) -> str:
    """A whole number as the language writes it: 1.234 or 1,234."""
    from babel.numbers import format_decimal

    return format_decimal(value, locale=_locale())


def percent(share: float) -> str:
    """A share in 0..1 as a whole per cent."""
    from babel.numbers import format_percent

    return format_percent(share, locale=_locale())


def clock(moment: dt.datetime) -> str:
    """Date and time as the language writes them, in the server's own time zone."""
    from babel.dates import format_datetime

    return format_datetime(moment.astimezone(), "short", locale=_locale())


def date(day: dt.date) -> str:
    """A date as the language writes it: 14 de mai. de 2024; May 14, 2024."""
    from babel.dates import format_date

    return format_date(day, "medium", locale=_locale())


def short_date(day: dt.date) -> str:
    """A date in digits: 14/05/2024; 5/14/24."""
    from babel.dates import format_date

    return format_date(day, "short", locale=_locale())


def seconds(value: float) -> str:
    """A duration with one decimal: 1,5 s; 1.5 s."""
    from babel.numbers import format_decimal

    least = 0.1
    return ("< " if value < least else "") + format_decimal(max(value, least), "0.0", locale=_locale()) + " s"


def disk_size(bytes_: int) -> str:
    """A size as disks are sold: 16,1 GB; 335 MB."""
    return _size(bytes_, 10**9, 10**6)


def memory_size(bytes_: int) -> str:
    """A size as memory is sold, in powers of two: 14,7 GB; 335 MB."""
    return _size(bytes_, 2**30, 2**20)


def _size(bytes_: int, giga: int, mega: int) -> str:
    from babel.numbers import format_decimal

    if bytes_ < giga:
        return f"{number(round(bytes_ / mega))} MB"
    return format_decimal(bytes_ / giga, "#,##0.0", locale=_locale()) + " GB"


def _locale() -> str:
    return language().replace("-", "_")


def duration(seconds_: float) -> str:
    """Roughly how long: 12 s; 3 min."""
    return f"{number(round(seconds_))} s" if seconds_ < 90 else f"{number(round(seconds_ / 60))} min"


def season_name(number_: int) -> str:
    """``Temporada 2``; a season numbered by its year is that year; 0 is the specials."""
    _ = translator()
    if is_year(number_):
        return str(number_)
    return _("Season {n}").format(n=number_) if number_ else _("Specials")


def command(*arguments: str) -> str:
    """A command line to copy, quoted for a shell."""
    return shlex.join(("python", "dataprep.py", *arguments))


def run_command(show: str) -> str:
    """The command that makes what a show still lacks."""
    return command("run", "--show", show)


def import_command(path: str, show: str) -> str:
    """The command that brings a show in."""
    return command("import", path, "--show", show)


def import_demo() -> str:
    """The command that brings the bundled show in."""
    return import_command(DEMO_FOLDER.relative_to(ROOT).as_posix(), DEMO_NAME)


def nothing_imported(hint: str) -> None:
    """A list that is empty because no show is there: ``hint`` says so, and the command ends it."""
    st.markdown(hint)
    show_command(import_demo())


def show_command(line: str) -> None:
    """A command line in a box with a copy button."""
    st.code(line, language=None, wrap_lines=True)


def act(verb: Callable[[], object]) -> None:
    """Do what a button asks for and draw the page anew; an error is said where the button is."""
    try:
        verb()
    except ChamadaError as error:
        log.warning("%s: %s", type(error).__name__, error)
        show_problem(error)
    else:
        st.rerun()


@contextmanager
def boundary() -> Iterator[None]:
    """Turn an error into a sentence with its remedy; an unforeseen one into a reference to the server's log."""
    inside = _INSIDE.set(True)
    try:
        yield
    except ChamadaError as error:
        log.warning("%s: %s", type(error).__name__, error)
        show_problem(error)
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("Reference %s", reference)
        _ = translator()
        st.error(
            _("Something went wrong that we did not foresee. Nothing stored was lost. Reload the page to try again."),
            icon=":material/error:",
        )
        st.caption(_("The server's log tells more under reference {reference}.").format(reference=reference))
    finally:
        _INSIDE.reset(inside)


def show_problem(error: ChamadaError) -> None:
    """An error's sentence and its remedy, where the page is."""
    _ = translator()
    # The whole sentence is escaped: values come from file names and other people's data.
    st.error(literal.escape_markdown(explain(error, language())), icon=":material/error:")
    if isinstance(error, LibraryLocked):
        st.button(_("Try again"), icon=":material/refresh:", key="try_again")
    elif isinstance(error, LibraryDamaged):
        st.caption(_("This lists everything that is damaged, and what to do about each:"))
        show_command(command("verify"))
