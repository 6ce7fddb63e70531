"""What is on the device: each part loaded once, the least used making room, within the budget, whatever fails."""

import itertools
import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from core.engines.residency import HEADROOM, Residency
from core.errors import OutOfMemory


def full() -> RuntimeError:
    return RuntimeError("DefaultCPUAllocator: can't allocate memory")


@dataclass(eq=False)
class Block:
    """A part that is only a number of bytes, and remembers what was done with it."""

    name: str
    size_bytes: int
    done: list[str] = field(default_factory=list)
    on_load: Callable[[], None] = lambda: None

    def load(self) -> None:
        self.on_load()
        self.done.append("load")

    def move(self, device: str) -> None:
        self.done.append(f"to {device}")

    def drop(self) -> None:
        self.done.append("drop")


def text_and_image() -> tuple[Block, ...]:
    """Llama 3 8B in NF4 and the parts of SDXL, in tenths of a gigabyte."""
    return tuple(Block(*each) for each in [("text", 57), ("encoders", 16), ("base", 51), ("refiner", 45), ("vae", 2)])


def use(residency: Residency, *parts: Block, work_bytes: int = 0) -> None:
    with residency.use(*parts, work_bytes=work_bytes):
        assert set(residency.report.resident) >= {part.name for part in parts}


def test_without_a_limit_each_part_is_loaded_once_and_never_moves() -> None:
    residency, parts = Residency(), text_and_image()
    for _ in range(3):
        for part in parts:
            use(residency, part, work_bytes=10)
    assert residency.report.loads == {part.name: 1 for part in parts}
    assert residency.report.moves == {}
    assert residency.report.peak_bytes == 181


def test_what_a_loop_does_without_leaves_it_and_the_loop_moves_no_more() -> None:
    residency, (text, _, base, refiner, _) = Residency(budget_bytes=110), text_and_image()
    for part in (text, *(base, refiner) * 20):
        use(residency, part)
    assert residency.report.resident == ("base", "refiner")
    assert residency.report.loads == {"text": 1, "base": 1, "refiner": 1}
    assert residency.report.moves == {"base": 2, "text": 1}
    assert text.done == ["load", "to cpu"]
    assert residency.report.peak_bytes == 108


def test_campaigns_one_after_another_move_no_more_than_two_parts_each() -> None:
    """On a T4: all parts take 17.2 GB, of which 15.1 are there."""
    residency, (text, encoders, base, refiner, vae) = Residency(budget_bytes=151), text_and_image()
    moved = []
    for _ in range(6):
        for part, work in ((text, 4), (text, 4), (encoders, 0), (base, 6), (refiner, 6), (vae, 25)):
            use(residency, part, work_bytes=work)
        moved.append(sum(residency.report.moves.values()))
    assert [later - earlier for earlier, later in itertools.pairwise(moved[1:])] == [4, 4, 4, 4]
    assert set(residency.report.loads.values()) == {1}


def test_the_longest_unused_leaves_first() -> None:
    residency = Residency(budget_bytes=4)
    one, two, three, four = (Block(str(number), 1) for number in range(4))
    for part in (one, four, two, three, four):
        use(residency, part)
    with residency.use(four, work_bytes=1):
        assert residency.report.resident == ("1", "2", "3")
    assert (one.done, two.done) == (["load", "to cpu"], ["load"])


def test_no_more_leaves_than_has_to() -> None:
    residency, (text, encoders, base, *_) = Residency(budget_bytes=75), text_and_image()
    use(residency, encoders)
    use(residency, base)
    use(residency, text)
    assert (encoders.done, base.done) == (["load"], ["load", "to cpu"])


@pytest.mark.parametrize("images", [1, 50])
def test_phases_move_as_often_for_fifty_pictures_as_for_one(images: int) -> None:
    residency, (text, encoders, base, refiner, vae) = Residency(budget_bytes=150), text_and_image()
    for phase in ((text,), (encoders,), (base,), (refiner, vae)):
        for _ in range(images):
            for part in phase:
                use(residency, part, work_bytes=15)
    assert residency.report.moves == {"base": 1}
    assert set(residency.report.loads.values()) == {1}


def test_what_is_in_use_stays_even_beyond_the_budget() -> None:
    residency, (text, _, base, *_) = Residency(budget_bytes=60), text_and_image()
    with residency.use(text):
        use(residency, base)
        assert residency.report.resident == ("base", "text")
    with residency.use(base), residency.use(base):
        assert residency.report.resident == ("base",)


def test_work_needs_room_too() -> None:
    residency, (text, encoders, *_) = Residency(budget_bytes=80), text_and_image()
    use(residency, text)
    use(residency, encoders)
    use(residency, encoders, work_bytes=30)
    assert text.done == ["load", "to cpu"]


def test_a_part_larger_than_its_files_said_makes_room_once_it_is_there() -> None:
    residency, (text, _, base, *_) = Residency(budget_bytes=110), text_and_image()

    def grow() -> None:
        base.size_bytes = 70

    base.on_load = grow
    use(residency, text)
    use(residency, base)
    assert residency.report.resident == ("base",)


def test_where_the_host_has_no_room_parts_are_dropped_and_loaded_again() -> None:
    residency, (text, _, base, refiner, _) = Residency(budget_bytes=60, host_bytes=60), text_and_image()
    for part in (text, base, refiner, text):
        use(residency, part)
    assert text.done == ["load", "to cpu", "drop", "load"]
    assert base.done == ["load", "to cpu", "drop"]
    assert residency.report.loads["text"] == 2
    nothing_waits = Residency(budget_bytes=60, host_bytes=0)
    use(nothing_waits, text)
    use(nothing_waits, base)
    assert nothing_waits.report.moves == {}


def test_a_host_that_is_full_after_all_drops_what_comes() -> None:
    residency, (text, _, base, *_) = Residency(budget_bytes=60), text_and_image()

    def refuse(device: str) -> None:
        raise full()

    use(residency, text)
    text.move = refuse
    use(residency, base)
    assert text.done == ["load", "drop"]


def test_memory_that_runs_out_at_a_load_frees_the_rest_and_tries_again() -> None:
    residency, (text, _, base, *_) = Residency(), text_and_image()
    use(residency, text)

    def run_out_beside_text() -> None:
        if "text" in residency.report.resident:
            raise full()

    base.on_load = run_out_beside_text
    use(residency, base)
    assert base.done == ["drop", "load"]
    assert residency.report.loads == {"text": 1, "base": 1}


@pytest.mark.parametrize("error", [full(), OutOfMemory("not enough memory"), KeyboardInterrupt(), ValueError("bad")])
def test_a_part_that_cannot_be_loaded_is_out_again_and_the_next_is_fine(error: BaseException) -> None:
    residency, (text, _, base, *_) = Residency(), text_and_image()

    def fail() -> None:
        raise error

    text.on_load = fail
    with pytest.raises(type(error)), residency.use(text):
        pytest.fail("the part is not there")
    assert set(text.done) == {"drop"}
    use(residency, base)
    assert residency.report.resident == ("base",)
    text.on_load = lambda: None
    use(residency, text)


def test_an_error_in_the_work_leaves_the_part_and_gives_its_room_back() -> None:
    residency, (text, encoders, *_) = Residency(budget_bytes=80), text_and_image()
    with pytest.raises(ValueError, match="bad"), residency.use(text, work_bytes=20):
        raise ValueError("bad")
    use(residency, encoders)
    assert residency.report.resident == ("encoders", "text")
    assert residency.report.peak_bytes == 77


def test_release_and_drop_spare_what_is_in_use() -> None:
    residency, (text, encoders, base, *_) = Residency(), text_and_image()
    use(residency, encoders)
    use(residency, base)
    with residency.use(text):
        residency.release()
        residency.drop(text, base)
        assert residency.report.resident == ("text",)
    assert (encoders.done[-1], base.done[-1]) == ("to cpu", "drop")


def test_fits_counts_parts_and_work_against_the_budget() -> None:
    residency, (text, encoders, *_) = Residency(budget_bytes=80), text_and_image()
    assert residency.fits(text, encoders, work_bytes=7)
    assert not residency.fits(text, encoders, work_bytes=8)
    assert Residency().fits(text, work_bytes=10**15)


def test_any_use_keeps_within_the_budget_and_counts_what_was_done() -> None:
    chance = random.Random(4)
    for _ in range(200):
        budget = chance.randint(60, 180)
        residency, parts = Residency(budget, host_bytes=chance.choice([None, 0, 60])), text_and_image()
        for _ in range(30):
            use(residency, chance.choice(parts))
        assert residency.report.peak_bytes <= budget
        for part in parts:
            assert residency.report.loads.get(part.name, 0) == part.done.count("load")
            assert residency.report.moves.get(part.name, 0) == part.done.count("to cpu")


@pytest.mark.parametrize("budget", range(75, 190, 5))
def test_a_longer_phase_never_moves_more(budget: int) -> None:
    def count(images: int) -> int:
        residency, (text, encoders, base, refiner, vae) = Residency(budget), text_and_image()
        for phase in ((text,), (encoders,), (base,), (refiner, vae)):
            for _ in range(images):
                for part in phase:
                    use(residency, part, work_bytes=20)
        return sum(residency.report.moves.values())

    assert count(3) == count(60) <= 7


def test_threads_take_turns() -> None:
    residency, (text, _, base, *_) = Residency(budget_bytes=60), text_and_image()
    inside: list[str] = []

    def work(part: Block) -> None:
        for _ in range(50):
            with residency.use(part):
                inside.append(part.name)
                assert residency.report.resident == (part.name,)
                inside.append(part.name)

    threads = [threading.Thread(target=work, args=(part,)) for part in (text, base)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(inside) == 200
    assert inside[::2] == inside[1::2]


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """torch's answers of a card of 15 GB with 14.5 GB free; gives what was set."""
    import torch

    seen: dict[str, float] = {}
    for name, answer in {
        "mem_get_info": lambda: (14_500_000_000, 15_000_000_000),
        "memory_reserved": lambda: 0,
        "max_memory_allocated": lambda: 9_000_000_000,
        "get_device_name": lambda: "Tesla T4",
        "set_per_process_memory_fraction": lambda share: seen.update(share=share),
    }.items():
        monkeypatch.setattr(torch.cuda, name, answer)
    return seen


def test_what_is_free_on_a_card_is_the_budget(card: dict[str, float]) -> None:
    residency, text = Residency(device="cuda"), Block("text", 5_700_000_000)
    assert residency.report.device == "cuda", "nobody wakes a card to report"
    use(residency, text)
    report = residency.report
    assert report.device == "Tesla T4"
    assert report.budget_bytes == 14_500_000_000 - HEADROOM
    assert report.peak_bytes == 9_000_000_000
    assert not card
    residency.release()
    assert text.done == ["load", "to cpu"]
    use(residency, text)
    assert text.done == ["load", "to cpu", "to cuda"]


def test_a_smaller_budget_binds_torch_too(card: dict[str, float]) -> None:
    residency = Residency(12_000_000_000, device="cuda")
    assert residency.fits(Block("base", 11_000_000_000))
    assert not residency.fits(Block("base", 12_000_000_000))
    assert card == {"share": 0.8}
    assert Residency(99_000_000_000, device="cuda").limit == 14_500_000_000 - HEADROOM
