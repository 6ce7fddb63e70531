"""Generated shows for measuring: as many episodes and lines as asked for, out of words of our own."""

import csv
import random
from pathlib import Path

SPEAKERS = ("ANA", "BIA", "CAIO", "DITO", "ELZA", "FLÁVIO", "GIL", "HELOÍSA")
NOUNS = [
    "barco",
    "rede",
    "farol",
    "mapa",
    "chave",
    "lanterna",
    "igreja",
    "praia",
    "estrada",
    "carta",
    "rádio",
    "relógio",
    "cavalo",
    "violão",
    "cozinha",
    "chuva",
    "montanha",
    "escola",
    "hospital",
    "trem",
    "ponte",
    "jardim",
    "castelo",
    "gato",
    "cachorro",
    "livro",
    "bicicleta",
    "telefone",
    "vela",
    "moeda",
    "sino",
    "avião",
    "espada",
    "coroa",
    "floresta",
    "navio",
    "âncora",
    "guarda-chuva",
    "bolo",
    "piano",
    "câmera",
    "balão",
    "foguete",
    "robô",
    "lua",
]
VERBS = ["achou", "perdeu", "guardou", "quebrou", "vendeu", "escondeu", "consertou", "trouxe", "pintou", "esqueceu"]
PLACES = ("PRAIA", "COZINHA", "ESTRADA", "IGREJA", "MERCADO", "ESCOLA", "PORTO", "CASTELO")
TIMES = ("DIA", "NOITE", "TARDE", "MADRUGADA")

LINES_AN_EPISODE = 267
"""600 episodes of this length make 160,000 lines."""


def write_show(folder: Path, episodes: int, lines: int = LINES_AN_EPISODE) -> Path:
    """Write ``episodes`` screenplay-like CSV rows (``Season,Episode,Character,Line``), 20 episodes a season.

    Returns:
        The CSV file. The same arguments give the same bytes.
    """
    rng = random.Random(episodes)
    path = folder / f"show-{episodes}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("Season", "Episode", "Character", "Line"))
        for number in range(episodes):
            season, episode = divmod(number, 20)
            # An episode has a few nouns of its own, so that its summary and poster have something to find.
            own = rng.sample(NOUNS, 12)
            for _ in range(lines):
                writer.writerow((season + 1, episode + 1, rng.choice(SPEAKERS), sentence(rng, own)))
    return path


def sentence(rng: random.Random, nouns: list[str]) -> str:
    """A line of 6 to 18 words about the given nouns."""
    one, two, three = rng.sample(nouns, 3)
    tail = (
        f", e depois ninguém {rng.choice(VERBS)} {three} em {rng.choice(PLACES).lower()}" if rng.random() < 0.5 else ""
    )
    return f"{rng.choice(SPEAKERS).title()} {rng.choice(VERBS)} {one} perto de {two}{tail}."
