"""What the text engine's ways of saving time are worth: a prefix read once, batches, and what a grammar costs."""

from __future__ import annotations

import random
from typing import Annotated, Any

from pydantic import BaseModel, Field, create_model

from bench.shows import NOUNS, sentence
from core.chains.season import QUESTIONS, AnswerDraft, SubjectDraft
from core.chains.summary import SummaryDraft
from core.domain.campaign import Concept, Copy
from core.domain.generation import ImagePrompt
from core.engines.base import TextOptions
from core.engines.transformers_text import TransformersText, decoding_options
from core.errors import EngineError
from core.prompts import Message, Prompt

SCHEMAS: tuple[type[BaseModel], ...] = (SummaryDraft, ImagePrompt, AnswerDraft, SubjectDraft, Copy, Concept)
"""The shapes the product asks for."""

SCENE_SENTENCES = 3
"""Of a prompt of a batch: some 100 to 200 tokens, so that answering takes longer than reading."""

TRANSCRIPT_TOKENS = 2000


class TextModel:
    """The engine on one model, and the ways to be compared. Each gives how many tokens or answers it was."""

    def __init__(
        self, engine: TransformersText, *, transcript_tokens: int = TRANSCRIPT_TOKENS, new_tokens: int = 64
    ) -> None:
        self.engine = engine
        self.new_tokens = new_tokens
        rng = random.Random(0)
        self.scenes = [self._prompt(_talk(rng, SCENE_SENTENCES)) for _ in range(8)]
        transcript = _talk(rng, 1)
        while self._length(self._prompt(transcript)) < transcript_tokens:
            transcript += " " + _talk(rng, 1)
        self.questions = [self._prompt(f"{transcript}\n{words['pt']}") for words in QUESTIONS.values()]
        self.short = self.answer_of(16)
        self.long = self.answer_of(new_tokens)
        # A summary that a model which knows nothing cannot end after a word
        text: Any = (str, Field(min_length=2 * new_tokens, max_length=6000))
        self.summary = create_model("LongSummary", __base__=SummaryDraft, text=text)
        self.written = 1

    def _prompt(self, words: str) -> Prompt:
        messages = (Message(role="system", content="Responda."), Message(role="user", content=words))
        return Prompt(name="bench", values={}, messages=messages, fingerprint="")

    def _length(self, prompt: Prompt) -> int:
        return len(self.engine.load().chat.tokenize(prompt.messages))

    def answer_of(self, tokens: int) -> type[BaseModel]:
        """A type whose every answer takes ``tokens`` tokens, more or less: so many digits in a list."""
        around = len(self.engine.load().chat.tokenizer('{"text":[]}', add_special_tokens=False).input_ids)
        digits = max(1, (tokens - around) // 2 + 1)
        digit = Annotated[int, Field(ge=0, le=9)]
        return create_model("Digits", text=(tuple[digit, ...], Field(min_length=digits, max_length=digits)))

    def _ask(self, prompts: list[Prompt], shape: type[BaseModel], *, forget: bool = False) -> float:
        options = TextOptions(max_new_tokens=4 * self.new_tokens)
        for prompt in prompts:
            if forget:
                self.engine.forget()
            self.engine.generate(prompt, shape, options)
        return len(prompts)

    # A season's questions on one transcript

    def questions_anew(self) -> float:
        """Each reads the transcript, and answers in 16 tokens."""
        return self._ask(self.questions, self.short, forget=True)

    def questions_on_prefix(self) -> float:
        """The first reads it, the others keep what it read."""
        self.engine.forget()
        return self._ask(self.questions, self.short)

    def questions_in_batch(self) -> float:
        """Read once, answered together."""
        self.engine.forget()
        return len(
            self.engine.generate_many(self.questions, self.short, TextOptions(max_new_tokens=4 * self.new_tokens))
        )

    # Independent prompts

    def scenes_one_by_one(self) -> float:
        """Eight answers of 64 tokens."""
        return self._ask(self.scenes, self.long)

    def scenes_in_batch(self) -> float:
        """The same together."""
        return len(self.engine.generate_many(self.scenes, self.long, TextOptions(max_new_tokens=4 * self.new_tokens)))

    # The grammar

    def held_to_schema(self) -> float:
        """Tokens of an answer under the grammar of a summary."""
        options = TextOptions(max_new_tokens=4 * self.new_tokens)
        self.written = self.engine.generate(self.scenes[0], self.summary, options).new_tokens or 1
        return self.written

    def free(self) -> float:
        """As many tokens of the same model with the same options, of any shape."""
        import torch

        loaded = self.engine.load()
        tokens = torch.tensor([loaded.chat.tokenize(self.scenes[0].messages)])
        written = loaded.model.generate(
            input_ids=tokens,
            attention_mask=torch.ones_like(tokens),
            min_new_tokens=self.written,
            pad_token_id=0,
            **decoding_options(TextOptions(max_new_tokens=self.written)),
        )
        return float(written.shape[1] - tokens.shape[1])

    def count_valid(self, answers: int) -> tuple[int, int]:
        """Usable objects among ``answers`` of each shape the product asks for, of how many."""
        valid = 0
        for number in range(answers):
            options = TextOptions(max_new_tokens=300, temperature=number % 3, seed=number)
            for shape in SCHEMAS:
                try:
                    valid += type(self.engine.generate(self.scenes[number % 8], shape, options).value) is shape
                except EngineError:
                    continue
        return valid, answers * len(SCHEMAS)


def _talk(rng: random.Random, sentences: int) -> str:
    return " ".join(sentence(rng, NOUNS) for _ in range(sentences))
