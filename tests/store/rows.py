"""What the store's tests save: generations, pictures, and a library with a bit of everything."""

import hashlib
import random

from PIL import Image

from core.domain.campaign import Brief, Facts
from core.domain.gallery import NewCampaign
from core.domain.generation import NewGeneration, Origin, Step, Style, Subject
from core.domain.job import NewJob
from core.store.library import Library
from tests.show import EPISODES, INFO

ORIGIN = Origin(engine="draft", model="poster 1", digital_source_type="algorithmicMedia")


def campaign(number: int) -> Subject:
    return Subject(kind="campaign", id=number)


def new_campaign(topic: str = "Café torrado na hora", **more: object) -> NewCampaign:
    """A campaign of a product; ``more`` are fields of it or of its brief."""
    fields = {name: more.pop(name) for name in list(more) if name in NewCampaign.model_fields}
    return NewCampaign(**{"title": topic[:40], "brief": Brief(topic=topic, **more), **fields})


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


def save_picture(library: Library, subject: Subject, step: Step, seed: int, size: int = 64, **more: object) -> str:
    """Save a picture and its generation; gives the file's sha256."""
    media = library.media.save(picture(seed, size, size * 3 // 4), ORIGIN, f"picture {seed}", {"Title": f"{seed}"})
    library.save_generation(finished(subject, step, f"picture {seed}", media=media.sha256, **more), media)
    return media.sha256


def fill(library: Library) -> None:
    """Four episodes in two seasons, two versions of each summary, pictures, studies; three campaigns."""
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
    fill_campaigns(library)


COPY = {"copy": {"headline": "Café", "text": "Café torrado na hora. Prove!"}, "findings": [], "repaired": []}


def fill_campaigns(library: Library) -> None:
    """Three campaigns in order: one finished, one made from it again for episode 1, one that waits in the queue."""
    campaigns = library.campaigns
    first = campaigns.add(new_campaign(seed=7))
    facts = Facts(show="O Farol", season=1, episode="S01E01", title="A lâmpada")
    second = campaigns.add(new_campaign("A lâmpada", facts=facts, episode_id=1, season_id=1, parent_id=first))
    campaigns.create(new_campaign("Pão de fermentação natural"), NewJob(kind="campaign", token="3"), 10)
    for number in (first, second):
        library.save_generation(finished(campaign(number), Step.COPY, f"copy {number}", output=COPY))
        save_picture(library, campaign(number), Step.PICTURE, 90_000 + number)
        picture = save_picture(library, campaign(number), Step.COMPOSITION, 91_000 + number)
        campaigns.note(number, text=COPY["copy"]["text"], picture=picture, warnings=1)
    campaigns.star(second, True)
