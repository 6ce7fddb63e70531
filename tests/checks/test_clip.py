"""core/checks/clip.py: tokens as CLIP counts them, and prompts cut where a clause ends."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.checks.clip import LIMIT, count_tokens, fit_prompt
from core.settings import ROOT

# Token counts by OpenAI's tokenizer: words, marks, pieces of a rare word, an accent, an emoji.
COUNTS = {"": 0, "a photo of a cat": 5, "a photo of a cat, close-up": 9, "Jaguaruana": 3, "café": 1, "🙂": 1}

LONG = (
    "A wide view of a fishing village at dawn, with wooden boats on a calm grey sea, a lighthouse on a rocky cape, "
    "nets drying on poles along the pier, gulls over the roofs, smoke rising from the chimney of a small bakery, "
    "soft early light, muted blues and sand tones, low horizon with open space above, a child on a red bicycle, "
    "an old radio tower behind the church and a long row of painted doors"
)


@pytest.mark.parametrize(("text", "tokens"), COUNTS.items())
def test_tokens_are_counted_as_clip_does(text, tokens):
    assert count_tokens(text) == tokens


def test_counting_needs_no_torch():
    code = "import sys; from core.checks import clip; clip.count_tokens('a boat'); print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_a_prompt_that_fits_stays_whole():
    assert fit_prompt("  a boat,\n on a   calm sea. ") == "a boat, on a calm sea."


@pytest.mark.parametrize("limit", range(8, LIMIT + 1))
def test_a_long_prompt_ends_at_a_clause(limit):
    cut = fit_prompt(LONG, limit)
    assert 0 < count_tokens(cut) <= limit
    assert LONG.startswith(cut)
    assert LONG[len(cut)] == "," or limit < 10


def test_a_clause_too_long_by_itself_ends_at_a_phrase():
    assert (
        fit_prompt("a very old fisherman with a net of many colors under a red umbrella", 7) == "a very old fisherman"
    )


def test_words_without_clauses_end_at_a_word():
    assert fit_prompt("word " * 200) == " ".join(["word"] * LIMIT)


@pytest.mark.parametrize("text", ["a" * 600, "🙂" * 300, "中" * 200, "," * 400, "\x00" * 50, "<|endoftext|> " * 100])
def test_noise_is_cut_too(text):
    assert count_tokens(fit_prompt(text)) <= LIMIT


def test_threads_count_alike():
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(count_tokens, [LONG] * 64))) == 1
