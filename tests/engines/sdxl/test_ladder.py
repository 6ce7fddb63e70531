"""What is given up when memory runs out: the cheapest first, nothing twice."""

from core.engines.sdxl.ladder import RUNGS, Phase, Rung, next_rung


def walk(*phases):
    """The rungs taken when memory runs out in ``phases``, one after the other; None where nothing is left."""
    taken, found = [], []
    for phase in phases:
        rung = next_rung(phase, taken)
        found.append(rung)
        if rung:
            taken.append((phase, rung))
    return found


def test_each_phase_goes_down_its_rungs_and_ends():
    for phase, rungs in RUNGS.items():
        assert walk(*[phase] * (len(rungs) + 1)) == [*rungs, None]


def test_room_is_made_in_every_phase_but_a_picture_gets_smaller_once():
    assert walk(Phase.BASE, Phase.BASE, Phase.REFINE, Phase.REFINE, Phase.REFINE) == [
        Rung.FREED,
        Rung.SMALLER,
        Rung.FREED,
        Rung.UNREFINED,
        None,
    ]
