"""Pulled once, the models work with no network: nothing phones home, seen by a guard below every library."""

import json
import subprocess
import sys

import pytest

from core.models.pulling import plan_pull, pull
from core.settings import ROOT
from tests.models.hub import Hub

GUARD = """
import json, sys
reached = []

def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        reached.append(f"{event} {arguments[1:] or arguments}")

sys.addaudithook(watch)
"""

TEXT = """
from core.engines.transformers_text import TransformersText
from tests.engines.contract import OPTIONS, summary_prompt
from core.chains.summary import SummaryDraft

done = TransformersText("org/chat").generate(summary_prompt(), SummaryDraft, OPTIONS)
made = done.value.model_dump_json()
"""

IMAGES = """
from core.engines.diffusers_image import DiffusersImage
from tests.engines.image_contract import REQUEST

engine = DiffusersImage("org/sdxl", "org/refiner", preview="org/preview-vae")
request = REQUEST.model_copy(update={"num_inference_steps": 2, "width": 64, "height": 64})
made = str(engine.generate(request).image.size)
import diffusers.loaders.lora_base
assert diffusers.loaders.lora_base.HF_HUB_OFFLINE
"""

TELL = """
import os
from huggingface_hub import constants
assert constants.HF_HUB_OFFLINE and os.environ["HF_HUB_OFFLINE"] == "1"
print(json.dumps({"made": made, "reached": reached}))
"""


@pytest.mark.parametrize(
    ("names", "work"),
    [(("org/chat",), TEXT), (("org/sdxl", "org/refiner", "org/preview-vae"), IMAGES)],
    ids=["text", "images"],
)
def test_engines_load_and_work_from_the_cache_without_asking_anybody(
    names: tuple[str, ...], work: str, hub: Hub
) -> None:
    for name in names:
        pull(plan_pull(name))
    hub.requests.clear()
    done = subprocess.run(
        [sys.executable, "-c", GUARD + work + TELL], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["made"]
    assert told["reached"] == []
    assert not hub.requests


def test_the_guard_sees_what_reaches_out(hub: Hub) -> None:
    work = (
        "import urllib.request, os\nmade = urllib.request.urlopen(os.environ['HF_ENDPOINT'] + '/api/models/org/chat')"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"{GUARD}{work}\nprint(json.dumps(reached))"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "socket.connect" in done.stdout
    assert hub.requests
