"""The five poster styles by name, one module each."""

from core.domain.generation import Style
from core.engines.draft.poster.manner import Manner
from core.engines.draft.poster.styles import cordel, noturno, recorte, riso, tipografico

STYLES: dict[Style, Manner] = {
    Style.RECORTE: recorte,
    Style.RISO: riso,
    Style.NOTURNO: noturno,
    Style.TIPOGRAFICO: tipografico,
    Style.CORDEL: cordel,
}
