"""Time of the gallery's queries and of its page: ``python -m bench.gallery [campaigns …]``.

The last column is the median against the smallest library of the same run: near 1 where a query does not mind how
much there is. A query may take 20 ms and the page 150 ms, 95 times of 100, with 100,000 campaigns.
"""

from __future__ import annotations

import argparse
import datetime as dt
import logging
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from core.domain.campaign import Brief, ContentType, Facts, Tone
from core.domain.gallery import CampaignFilter, NewCampaign
from core.domain.generation import NewGeneration, Origin, Step, Subject
from core.platforms import platforms_of
from core.settings import ROOT, Settings
from core.store.campaigns import row_values, text_values
from core.store.database import Database
from core.store.ledger import digest, keep_ledger
from core.store.library import Library
from core.store.schema import CampaignRow

PICTURES = 24
SHOWS = ("Maré Alta", "O Farol", "Horas Mortas")
EPISODES = 200
QUERY_LIMIT_MS, PAGE_LIMIT_MS = 20, 150
AT_ONCE = 2000
"""Campaigns inserted in one write."""

Query = Callable[[random.Random], object]


class Words:
    """Invented words, few of them frequent and most of them rare, as in any language (Zipf's law)."""

    def __init__(self, count: int = 20_000) -> None:
        rng = random.Random(count)
        syllables = [first + second for first in "bcdfglmnprstvxz" for second in ("a", "e", "i", "o", "u", "ão")]
        self.all = ["".join(rng.choices(syllables, k=rng.randint(1, 4))) for _ in range(count)]
        self._weights = list(accumulate(1 / (rank + 1) for rank in range(count)))

    def some(self, rng: random.Random, count: int) -> str:
        """``count`` of them, as they come in a text."""
        return " ".join(rng.choices(self.all, cum_weights=self._weights, k=count))


def fill(settings: Settings, count: int, words: Words) -> None:
    """Make a library of ``count`` finished campaigns, by way of the ledger but many in a write."""
    rng = random.Random(count)
    with Library.open(settings) as library:
        pictures = [save_picture(library, number, rng) for number in range(PICTURES)]
    database = Database(settings)
    done = PICTURES
    while done < count:
        with database.write() as connection, keep_ledger(connection, database.where) as ledger:
            size = min(AT_ONCE, count - done)
            ids = [ledger.next_id(CampaignRow) for _ in range(size)]
            ledger.insert(CampaignRow, [make_row(number, rng, words, pictures) for number in ids])
        done += size
    database.close()


def save_picture(library: Library, number: int, rng: random.Random) -> str:
    """A campaign with a picture, saved as the chain does it; gives the picture's sha256."""
    campaign = library.campaigns.add(NewCampaign(title=f"{number}", brief=Brief(topic=f"Tema {number}")))
    image = Image.effect_noise((540, 675), rng.randrange(20, 90)).convert("RGB")
    origin = Origin(engine="bench", model="noise", digital_source_type="algorithmicMedia")
    media = library.media.save(image, origin, "noise", {})
    key = digest([number])
    new = NewGeneration(
        subject=Subject(kind="campaign", id=campaign),
        step=Step.COMPOSITION,
        input_key=key,
        key=key,
        engine=origin.engine,
        model=origin.model,
        media=media.sha256,
    )
    library.save_generation(new, media)
    library.campaigns.note(campaign, text="x", picture=media.sha256)
    return media.sha256


def make_row(campaign_id: int, rng: random.Random, words: Words, pictures: list[str]) -> dict[str, object]:
    """A finished campaign of any kind: two in five about an episode, one in twenty starred, one in thirty trashed."""
    now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=campaign_id)
    kind = rng.choice(list(ContentType))
    brief = Brief(
        content_type=kind,
        tone=rng.choice(list(Tone)),
        platform=rng.choice(platforms_of(kind)).key,
        topic=words.some(rng, 12),
        audience=words.some(rng, 4),
        call_to_action=words.some(rng, 5),
    )
    facts = Facts(show=rng.choice(SHOWS), season=1, title=words.some(rng, 2)) if rng.random() < 0.4 else None
    title = brief.topic[:60]
    new = NewCampaign(title=title, brief=brief, facts=facts)
    return row_values(campaign_id, new, now) | {
        **text_values(title, brief, facts, words.some(rng, 90)),
        "picture": rng.choice(pictures) if rng.random() < 0.8 else None,
        "starred": rng.random() < 0.05,
        "trashed_at": now if rng.random() < 0.03 else None,
        "finished_at": now,
    }


def queries(library: Library, count: int, words: Words) -> dict[str, Query]:
    """What people ask of the gallery."""
    campaigns = library.campaigns

    def find(**more: object) -> object:
        return campaigns.list(CampaignFilter.model_validate(more))

    def start(rng: random.Random, letters: int) -> str:
        return words.some(rng, 1)[:letters]

    def kind(rng: random.Random) -> ContentType:
        return rng.choice(list(ContentType))

    return {
        "newest": lambda rng: campaigns.list(),
        "any page": lambda rng: campaigns.list(before=rng.randrange(2, count)),
        "content type": lambda rng: find(content_type=kind(rng)),
        "type, show and star": lambda rng: find(content_type=kind(rng), show=rng.choice(SHOWS), starred=True),
        "a show without any": lambda rng: find(show="Nada"),
        "starred": lambda rng: find(starred=True),
        "trash": lambda rng: find(trashed=True),
        "search 1 letter": lambda rng: find(search=start(rng, 1)),
        "search 2 letters": lambda rng: find(search=start(rng, 2)),
        "search 4 letters": lambda rng: find(search=start(rng, 4)),
        "search a word": lambda rng: find(search=words.some(rng, 1)),
        "search 2 words": lambda rng: find(search=words.some(rng, 2)),
        "search 5 words": lambda rng: find(search=words.some(rng, 5)),
        "search in type and show": lambda rng: find(
            search=words.some(rng, 1), content_type=kind(rng), show=rng.choice(SHOWS)
        ),
        "search in vain": lambda rng: find(search=f"qqq {words.some(rng, 1)}"),
        "count all": lambda rng: campaigns.count(),
        "count a show": lambda rng: campaigns.count(CampaignFilter(show=rng.choice(SHOWS))),
        "count a word": lambda rng: campaigns.count(CampaignFilter(search=words.some(rng, 1))),
        "one campaign": lambda rng: campaigns.get(rng.randrange(1, count + 1)),
    }


class Times(NamedTuple):
    """Milliseconds of several calls: by the clock, and of the processor, which other programs do not disturb."""

    clock: list[float]
    processor: list[float]


def measure(act: Callable[[], object], times: int) -> Times:
    """Time ``times`` calls, after one that is not counted."""
    act()
    found = Times([], [])
    for _ in range(times):
        clock, processor = time.perf_counter(), time.process_time()
        act()
        found.processor.append(1000 * (time.process_time() - processor))
        found.clock.append(1000 * (time.perf_counter() - clock))
    return found


def page_script() -> Callable[[], object]:
    """Runs the script of the campaigns' page, as a visit does; the library is the one of the environment."""
    from streamlit.runtime.pages_manager import PagesManager
    from streamlit.testing.v1 import AppTest

    begin = PagesManager.__init__

    def init(self: PagesManager, *arguments: object, **options: object) -> None:
        begin(self, *arguments, **options)  # type: ignore[arg-type]
        PagesManager.uses_pages_directory = False  # as a server has it after its first visit

    PagesManager.__init__ = init  # type: ignore[method-assign]
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=60).run().switch_page("pages/campaigns.py")

    def visit() -> None:
        app.run()
        if app.exception:
            raise SystemExit(app.exception[0].message)

    return visit


def bench(count: int, times: int, base: dict[str, float], words: Words) -> None:
    """Measure one library and print a row a query."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"CHAMADA_DATA_DIR": folder, "CHAMADA_WORKERS": "0", "CHAMADA_PROFILE": "draft"}
        settings = Settings(data_dir=Path(folder))
        started = time.perf_counter()
        fill(settings, count, words)
        size = sum(path.stat().st_size for path in Path(folder).glob("*.sqlite3")) / 2**20
        print(f"{count} campaigns, {size:.0f} MB, made in {time.perf_counter() - started:.0f} s", flush=True)
        rng = random.Random(0)
        everything = Times([], [])
        with Library.open(settings) as library:
            for name, query in queries(library, count, words).items():
                found = measure(partial(query, rng), times)
                everything.clock.extend(found.clock)
                everything.processor.extend(found.processor)
                report(name, found, base)
        report("all queries", everything, base, QUERY_LIMIT_MS)
        report("page script", measure(page_script(), times), base, PAGE_LIMIT_MS)


def report(name: str, found: Times, base: dict[str, float], limit: float = 0) -> None:
    """Print a row: median and 95th of 100, processor's 95th, ratio; and whether the clock's keeps within ``limit``."""
    middle = statistics.median(found.clock)
    clock, processor = (statistics.quantiles(times, n=20)[-1] for times in found)
    verdict = "" if not limit else f"  {'within' if clock < limit else 'OVER'} {limit:g} ms"
    ratio = middle / base.setdefault(name, middle)
    print(f"{name:<26} {middle:>8.2f} {clock:>8.2f} {processor:>8.2f} {ratio:>8.2f}{verdict}", flush=True)


def main() -> None:
    """One table a size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("campaigns", nargs="*", type=int, default=[1000, 10_000, 100_000])
    parser.add_argument("--times", type=int, default=100, help="how often each query runs")
    options = parser.parse_args()
    logging.disable(logging.WARNING)  # Streamlit's own, in the middle of the table
    print(f"{'query':<26} {'p50 ms':>8} {'p95 ms':>8} {'p95 cpu':>8} {'ratio':>8}")
    base: dict[str, float] = {}
    words = Words()
    for count in options.campaigns:
        bench(count, options.times, base, words)


if __name__ == "__main__":
    main()
