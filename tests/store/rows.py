"""What the store's tests save: generations, pictures, and a library with a bit of everything."""

import hashlib
import random

from PIL import Image

from core.domain.generation import NewGeneration, Origin, Step, Style, Subject
from core.store.library import Library
from tests.show import EPISODES, INFO

ORIGIN = Origin(engine="draft", model="poster 1", digital_source_type="algorithmicMedia")


def sha(word: object) -> str:
    return hashlib.sha256(str(word).encode()).hexdigest()


def episode(number: int) -> Subject:
    return Subject(kind="episode", id=number)


def season(number: int) -> Subject:
    return Subject(kind="season", id=number)


def finished(subject: Subject, step: Step, key: object, **more: object) -> NewGeneration:
    """A finished step whose key is the hash of ``key``."""
    fields = {"input_key": sha(f"input {key}"), "engine": "draft", "model": "text 1", **more}
    return NewGeneration(subject=subject, step=step, key=sha(key), **fields)


def summary(number: int, key: object, text: str, **more: object) -> NewGeneration:
    return finished(episode(number), Step.SUMMARY, key, output={"language": "pt", "text": text}, **more)


def picture(seed: int, width: int = 64, height: int = 48) -> Image.Image:
    """Noise: a picture whose file is nearly as large as its pixels."""
    return Image.frombytes("RGB", (width, height), random.Random(seed).randbytes(width * height * 3))


def save_picture(library: Library, subject: Subject, step: Step, seed: int, **more: object) -> str:
    """Save a picture and its generation; gives the file's sha256."""
    media = library.media.save(picture(seed), ORIGIN, f"picture {seed}", {"Title": f"{seed}"})
    library.save_generation(finished(subject, step, f"picture {seed}", media=media.sha256, **more), media)
    return media.sha256


def fill(library: Library) -> None:
    """Four episodes in two seasons, two versions of each summary, pictures, studies."""
    library.import_episodes(INFO.model_copy(update={"tagline": "Quem apagou a luz?"}), EPISODES)
    for number in range(1, len(EPISODES) + 1):
        for version in (1, 2):
            text = f"Resumo {version} do episódio {number}: coração e tempestade."
            library.save_generation(summary(number, f"{number} {version}", text, options={"top_p": 0.9}, seconds=0.5))
        save_picture(library, episode(number), Step.ILLUSTRATION, number, prompt_tokens=7)
    for number in (1, 2):
        study = finished(season(number), Step.STUDY, f"study {number}", output={"subject": "o farol"}, findings=("x",))
        library.save_generation(study)
        for seed, style in enumerate((Style.RISO, Style.CORDEL), start=10 * number):
            save_picture(library, season(number), Step.STYLE_ILLUSTRATION, seed, variant=style.value)
