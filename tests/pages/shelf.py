"""Builds small libraries for the screens: really stored rows and pictures, without running an engine."""

import datetime as dt
import hashlib

from PIL import Image, ImageDraw

from core.domain.generation import NewGeneration, Origin, Step, Style, Subject
from core.domain.library import EpisodeView, SeasonView
from core.domain.show import Answer, CharacterShare, Episode, Line, Moment, SeasonStudy, ShowInfo, Summary
from core.settings import Settings
from core.studio import Studio

ORIGIN = Origin(engine="draft", model="test", digital_source_type="algorithmicMedia")

HOSTILE = (
    "![x](http://127.0.0.1:{port}/x.png) <script>window.broken=1</script> <img src=x onerror=window.broken=1> "
    ":material/home: :tada: $a^2$ [a](javascript:window.broken=1) http://127.0.0.1:{port}/y "
    "www.example.com a@b.example "
    "<|eot_id|> `code` **bold** :red[red] -> -- # 1. | \\"
)
"""Everything Streamlit's Markdown would turn into something else; ``{port}`` of a listener nobody may call."""

HIDDEN = "\u202egnp\u202c\u200b\u2066x\u2069\ufeff"
"""Characters that reorder or hide; what is left of them to see is ``gnpx``."""


def episode(season: int, number: int, title: str | None, words: str = "") -> Episode:
    """An episode with one line, dated by its number."""
    line = Line(scene=1, seq=0, speaker="ANA", text=words or "O farol apagou.", source_file="a.txt", source_row=1)
    return Episode(
        season=season,
        key=f"S{season:02}E{number:02}",
        number=number,
        title=title,
        air_date=dt.date(2024, 5, 14) + dt.timedelta(days=7 * (number - 1)),
        logline=words or "A luz pisca fora de hora.",
        cast=("Ana Braga", "Rui Sá") if not words else (words,),
        lines=(line,),
    )


def picture(seed: int, size: int) -> Image.Image:
    """A square that differs by ``seed``."""
    image = Image.new("RGB", (size, size), ((seed * 53) % 200, 70, 110))
    ImageDraw.Draw(image).ellipse((size // 4, size // 4, size - 9, size - 9), fill=(240, (seed * 31) % 255, 90))
    return image


def save(
    studio: Studio,
    subject: Subject,
    step: Step,
    output: dict[str, object],
    *,
    variant: str = "",
    seed: int = 0,
    painted: bool = False,
    size: int = 128,
) -> None:
    """Store one finished step; a painted one with its picture."""
    key = hashlib.sha256(f"{subject} {step} {variant} {seed}".encode()).hexdigest()
    media = None
    if painted:
        number = int(key[:6], 16)
        media = studio.library.media.save(picture(number, size), ORIGIN, "a lighthouse", {"Title": "test"})
    studio.library.save_generation(
        NewGeneration(
            subject=subject,
            step=step,
            variant=variant,
            input_key=hashlib.sha256(f"{subject} {step} {variant}".encode()).hexdigest(),
            key=key,
            engine=ORIGIN.engine,
            model=ORIGIN.model,
            options={"style": variant or "recorte"} if painted else {},
            seed=seed,
            output=output,
            media=media.sha256 if media else None,
            seconds=1.5,
        ),
        media,
    )


def summarize(studio: Studio, view: EpisodeView, words: str = "") -> None:
    """Store a summary with two moments, one of them a spoiler."""
    summary = Summary(
        language="pt",
        text=words or f"Ana sobe ao farol em {view.key} e vê a luz piscar.",
        moments=(
            Moment(
                seq=0, scene=1, heading=words or "EXT. FAROL", speaker=words or "ANA", quote=words or "Quem apagou?"
            ),
            Moment(seq=9, scene=4, speaker="CAIO", quote="A chave era do prefeito.", spoiler=True),
        ),
        key_phrases=(words or "farol apagado", "chave"),
        characters=(
            CharacterShare(name=words or "ANA", lines=6, share=0.6),
            CharacterShare(name="CAIO", lines=4, share=0.4),
        ),
    )
    subject = Subject(kind="episode", id=view.id)
    save(studio, subject, Step.SUMMARY, summary.model_dump(mode="json"))
    prompt = {"prompt": words or "a lighthouse at dusk", "negative_prompt": "", "scene": {"subject": "a lighthouse"}}
    save(studio, subject, Step.IMAGE_PROMPT, prompt)


def illustrate(studio: Studio, view: EpisodeView, *, seed: int = 0, size: int = 128) -> None:
    """Store a poster."""
    output: dict[str, object] = {"scene": {"subject": "a lighthouse", "motifs": ["lighthouse", "boat"]}}
    save(studio, Subject(kind="episode", id=view.id), Step.ILLUSTRATION, output, seed=seed, painted=True, size=size)


def study(studio: Studio, season: SeasonView, words: str = "", *, size: int = 128) -> None:
    """Store a season's questions, its subject and its five posters."""
    subject = Subject(kind="season", id=season.id)
    answers = (
        Answer(question=words or "Qual é o conflito central?", answer=words or "A luz apaga.", episodes=("S01E01",)),
        Answer(question="Quem tem a chave?", answer="O prefeito.", episodes=("S01E02",), asked_by="engine"),
        Answer(question="Onde fica?", answer="", episodes=()),
    )
    found = SeasonStudy(answers=answers, subject=words or "Um farol aceso contra a noite.")
    save(studio, subject, Step.STUDY, found.model_dump(mode="json"))
    for style in Style:
        output: dict[str, object] = {"scene": {"subject": "a lighthouse", "motifs": ["lighthouse"]}}
        save(studio, subject, Step.STYLE_ILLUSTRATION, output, variant=style.value, painted=True, size=size)


def build(settings: Settings, *, episodes: int = 3, prepared: bool = True, size: int = 128) -> Studio:
    """A show of two seasons; prepared, its first season is complete and the rest has nothing yet."""
    studio = Studio.open(settings)
    titles = ("A lâmpada", "A chave", "O mapa")
    first = [episode(1, n, titles[(n - 1) % 3]) for n in range(1, episodes + 1)]
    studio.import_episodes(
        ShowInfo(name="O Farol", language="pt-BR", tagline="Quem apagou?"), [*first, episode(2, 1, None)]
    )
    if prepared:
        show = studio.show("O Farol")
        for view in studio.list_episodes(show.id, season=1, limit=episodes):
            summarize(studio, view)
            illustrate(studio, view, size=size)
        study(studio, studio.list_seasons(show.id)[0], size=size)
    return studio


def build_hostile(settings: Settings, port: int) -> Studio:
    """A show whose every word attacks the screen."""
    words = HOSTILE.format(port=port) + HIDDEN
    studio = Studio.open(settings)
    info = ShowInfo(name=words[:200], language="pt-BR", tagline=words)
    studio.import_episodes(info, [episode(1, 1, words, words), episode(1, 2, words, words)])
    studio.import_episodes(ShowInfo(name="Outra"), [episode(1, 1, "Calma")])
    show = studio.show(info.name)
    for view in studio.list_episodes(show.id):
        summarize(studio, view, words)
        illustrate(studio, view)
    illustrate(studio, studio.list_episodes(show.id)[0], seed=7)
    study(studio, studio.list_seasons(show.id)[0], words)
    return studio
