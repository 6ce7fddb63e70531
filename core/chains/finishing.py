"""The last link of a campaign's chain: title and call to action over the picture, and what the file says of itself."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from core.chains.rows import Place
from core.domain.campaign import Copy
from core.domain.gallery import CampaignDetail
from core.domain.generation import Generation, ImageRequest, Origin
from core.platforms import find_platform, picture_size

if TYPE_CHECKING:
    from core.store.library import Library

COMPOSER = Origin(engine="chamada", model="composition 1", digital_source_type="algorithmicMedia")
"""Who sets the words; raise the number whenever the same picture and words would give another composition."""


def tell_step(row: Generation) -> dict[str, Any]:
    """A step as a picture's file tells it: who made it, from what, and the prompt it wrote."""
    told = {
        "step": row.step.value,
        "engine": row.engine,
        "model": row.model,
        "prompt_name": row.prompt_name,
        "prompt_fingerprint": row.prompt_fingerprint,
        "seed": row.seed,
        "key": row.key,
        "prompt": row.output.get("prompt"),
    }
    return {name: value for name, value in told.items() if value not in (None, "")}


def note_picture(title: str, request: ImageRequest, origin: Origin) -> dict[str, str]:
    """The text chunks of a bare picture: its title, and its parameters as other image tools read them.

    Source of the ``parameters`` form: AUTOMATIC1111 stable-diffusion-webui, "PNG info".
    """
    negative = f"Negative prompt: {request.negative_prompt}\n" if request.negative_prompt else ""
    options = (
        f"Steps: {request.num_inference_steps}, CFG scale: {request.guidance_scale:g}, Seed: {request.seed}, "
        f"Size: {request.width}x{request.height}, Model: {origin.engine} {origin.model}"
    )
    return {"Title": title, "Software": "Chamada", "parameters": f"{request.prompt}\n{negative}{options}"}


def compose_post(
    library: Library, campaign: CampaignDetail, copy: Copy, chain: Sequence[Generation], place: Place
) -> Generation:
    """Draw the headline and the call to action over the chain's picture and store what comes out.

    Args:
        chain: the steps that led here; the last one is the picture.
    """
    from PIL import Image

    from core.compose.compose import compose

    started = time.perf_counter()
    bare = chain[-1]
    width, height = picture_size(campaign.brief)
    with Image.open(library.media.path(bare.media or "")) as file:
        picture = file.convert("RGB")
    composed = compose(
        picture,
        headline=copy.headline,
        call_to_action=campaign.brief.call_to_action,
        width=width,
        height=height,
        safe=find_platform(campaign.brief).safe,
        seed=place.seed,
    )
    # The marks must say who made the picture under the words.
    origin = Origin(engine=bare.engine, model=bare.model, digital_source_type=bare.output["digital_source_type"])
    told = {"chamada": "campaign 1", "campaign": campaign.view.id, "steps": [tell_step(row) for row in chain]}
    notes = {
        "Title": campaign.view.title,
        "Software": "Chamada",
        "chamada": json.dumps(told, ensure_ascii=False, sort_keys=True),
    }
    media = library.media.save(composed.image, origin, copy.headline, notes)
    new = place.row(
        COMPOSER,
        options={"width": width, "height": height, "style": bare.options.get("style", "")},
        output={
            "headline": copy.headline,
            "call_to_action": campaign.brief.call_to_action,
            "contrast": composed.contrast,
            "scene": bare.output.get("scene"),
        },
        media=media.sha256,
        seconds=time.perf_counter() - started,
    )
    return library.save_generation(new, media)
