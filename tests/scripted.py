"""A text engine that reads nothing but ``prompt.messages``, as a model does, and answers by simple rules."""

import json
import re
from collections.abc import Callable

from core.domain.generation import Origin
from core.engines.base import OnText, T, TextOptions, TextResult
from core.prompts import Prompt


def summary(text: str) -> dict[str, object]:
    rows = re.findall(r"^\[(\d+)\](?! \(spoiler\)) ([^:\n#(]+): (.+)$", text, re.MULTILINE)
    return {
        "text": " ".join(said for _, _, said in rows[:3]),
        "key_phrases": ["farol"],
        "moments": [int(number) for number, _, _ in rows[:4]],
    }


def image_prompt(text: str) -> dict[str, object]:
    prompt = "a lighthouse above a stormy sea at night, a small boat below, flat poster illustration"
    scene = {"subject": prompt, "setting": "sea", "time_of_day": "night", "mood": "tense", "motifs": ["lighthouse"]}
    return {"prompt": prompt, "negative_prompt": "text, letters", "scene": scene}


def answer(text: str) -> dict[str, object]:
    keys = re.findall(r"^(S\d\dE\d\d)", text, re.MULTILINE)
    return {"answer": "O farol apagado.", "episodes": [*keys, "S09E99"]}


def copy(text: str) -> dict[str, object]:
    """The topic as the post, with the call to action a model was told to keep."""
    topic = re.search(r"^Topic: (.+)$", text, re.MULTILINE)
    action = re.search(r"^Call to action[^:]*: (.+)$", text, re.MULTILINE)
    said = [found.group(1).strip().rstrip(".") + "." for found in (topic,) if found]
    return {"headline": "Pão quente", "text": " ".join([*said, action.group(1).strip() if action else ""]).strip()}


def concept(text: str) -> dict[str, object]:
    scene = {"subject": "a loaf of bread on a table", "setting": "interior", "motifs": ["bread"]}
    return {"kind": "product", "subject": "a loaf of bread on a table", "scene": scene}


def campaign_prompt(text: str) -> dict[str, object]:
    prompt = "product photograph of a loaf of bread on a wooden table, soft morning light"
    return {"prompt": prompt, "negative_prompt": "text", "scene": concept(text)["scene"]}


ANSWERS: dict[str, Callable[[str], dict[str, object]]] = {
    "SummaryDraft": summary,
    "campaign_image_prompt": campaign_prompt,
    "ImagePrompt": image_prompt,
    "AnswerDraft": answer,
    "FollowUps": lambda text: {"questions": ["Quem apagou o farol?"]},
    "Copy": copy,
    "Concept": concept,
    "SubjectDraft": lambda text: {"subject": "Um farol e um barco à noite"},
}


class ScriptedText:
    """Implements TextEngine; ``seen`` holds every prompt's messages, for the tests to read."""

    origin = Origin(engine="scripted", model="rules for tests", digital_source_type="trainedAlgorithmicMedia")

    def __init__(self, **overrides: Callable[[str], dict[str, object]]) -> None:
        self.answers = {**ANSWERS, **overrides}
        self.seen: list[str] = []
        self.fingerprint = "scripted 1"

    def generate(
        self, prompt: Prompt, schema: type[T], options: TextOptions, on_text: OnText | None = None
    ) -> TextResult[T]:
        text = "\n".join(message.content for message in prompt.messages)
        self.seen.append(text)
        answer = self.answers.get(prompt.name) or self.answers[schema.__name__]
        value = json.dumps(answer(text))
        return TextResult(schema.model_validate_json(value), seconds=0.0, prompt_tokens=len(text), new_tokens=1)
