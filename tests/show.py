"""A show of four short episodes in two seasons, written for the tests."""

from core.domain.show import Episode, Line, LineKind, ShowInfo

INFO = ShowInfo(name="O Farol", language="pt-BR", genre="drama", cast={"ANA": "Ana: faroleira"})

SCRIPTS = {
    "S01E01": (
        "A Lâmpada",
        """# EXT. FAROL — NOITE
(ANA sobe a escada com uma lanterna.)
ANA: A lâmpada do farol apagou de novo e o barco do Caio ainda está no mar.
CAIO: Eu vejo a praia, mas não vejo o farol. Alguém acenda alguma coisa.
# INT. COZINHA — NOITE
ANA: Meu avô acendia uma fogueira na praia quando a lâmpada falhava.
BIA: Então vamos levar lenha, querosene e o violão, que a noite vai ser comprida.
# EXT. PRAIA — NOITE
BIA: O barco virou a ponta. Ele viu o fogo, Ana, ele viu!
# EXT. PRAIA — MADRUGADA
CAIO: Quem apagou a lâmpada deixou a chave na porta. E a chave é do prefeito.""",
    ),
    "S01E02": (
        "A Chave",
        """# INT. PREFEITURA — MANHÃ
BIA: Esta chave abre o farol. O senhor pode me dizer por que ela estava na porta?
PREFEITO: Minha filha, chave é como parente, a gente perde e depois aparece.
# EXT. MERCADO — TARDE
ANA: O peixe subiu de preço e ninguém fala do farol apagado.
CAIO: Fala, sim. Fala baixo, atrás da banca de tomate, com um gato no colo.
# INT. FAROL — NOITE
ANA: Troquei a lâmpada, o fio e a fechadura. Agora só entra quem sabe subir.
# EXT. FAROL — NOITE
BIA: Tem uma vela acesa na janela de cima, Ana. E você está aqui embaixo.""",
    ),
    "S02E01": (
        "O Mapa",
        """# EXT. ESTRADA — DIA
CAIO: O mapa do meu avô mostra um navio afundado em frente ao farol.
BIA: Mapa de avô mostra até sereia, Caio. Mas a âncora desenhada é bonita.
# EXT. MAR — DIA
CAIO: A âncora existe. Está debaixo do barco, coberta de coral.
# EXT. PORTO — TARDE
ANA: Se o navio existe, o prefeito sabia, e a chave faz sentido.
BIA: Vamos mergulhar amanhã cedo, antes da chuva.""",
    ),
    "S02E02": (
        "O Navio",
        """# EXT. MAR — AMANHECER
BIA: O navio está inteiro. Tem um sino, e no sino está escrito o nome da vila.
CAIO: Meu avô não desenhou um tesouro, desenhou um túmulo.
# INT. IGREJA — TARDE
PREFEITO: Eu apagava o farol para ninguém encontrar o navio do meu pai.
ANA: O senhor apagava o farol com gente no mar.
# EXT. FAROL — NOITE
ANA: Hoje o farol fica aceso a noite inteira, e o sino toca na praça.""",
    ),
}


def parse(key: str, script: str) -> tuple[Line, ...]:
    """Lines from the short form above: ``# heading``, ``(direction)``, ``NAME: speech``."""
    lines, scene = [], 0
    for seq, row in enumerate(script.splitlines()):
        speaker, kind, text = None, LineKind.DIRECTION, row.strip("()")
        if row.startswith("# "):
            scene, kind, text = scene + 1, LineKind.HEADING, row[2:]
        elif not row.startswith("("):
            speaker, text = row.split(": ", 1)
            kind = LineKind.SPEECH
        place = {"source_file": f"{key}.txt", "source_row": seq + 1}
        lines.append(Line(scene=max(scene, 1), seq=seq, speaker=speaker, kind=kind, text=text, **place))
    return tuple(lines)


EPISODES = tuple(
    Episode(season=int(key[1:3]), key=key, number=int(key[4:]), title=title, lines=parse(key, script))
    for key, (title, script) in SCRIPTS.items()
)
