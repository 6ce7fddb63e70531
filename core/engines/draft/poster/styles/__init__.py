"""The five poster styles by name, one module each."""

from core.domain.generation import Style
from core.engines.draft.poster.manner import Manner
from core.engines.draft.poster.styles import noturno, recorte

STYLES: dict[Style, Manner] = {Style.RECORTE: recorte, Style.NOTURNO: noturno}
