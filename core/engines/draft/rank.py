"""LexRank: which lines are most like all the others; and a varied choice among them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_UNITS = 600
"""Most lines ranked against each other: time and memory grow with its square (600: 0.05 s, 3 MB)."""

DAMPING = 0.85
TOLERANCE = 1e-6
VARIETY = 0.4
"""Weight of being unlike what is chosen already against being central."""


def thin_out(units: Sequence[Sequence[str]], groups: Sequence[int], limit: int = MAX_UNITS) -> list[int]:
    """Indices of at most ``limit`` units, in order: of each group its share, those with the commonest stems.

    Args:
        units: the stems of each unit.
        groups: the group (scene) of each unit.
    """
    if len(units) <= limit:
        return list(range(len(units)))
    common = Counter(stem for unit in units for stem in set(unit))
    weight = [sum(common[stem] for stem in set(unit)) / (len(unit) + 4) for unit in units]
    members: dict[int, list[int]] = {}
    for index, group in enumerate(groups):
        members.setdefault(group, []).append(index)
    kept: list[int] = []
    for indices in members.values():
        share = max(1, limit * len(indices) // len(units))
        kept += sorted(indices, key=lambda index: (-weight[index], index))[:share]
    return sorted(kept[:limit])


def measure_similarity(units: Sequence[Sequence[str]]) -> NDArray[Any]:
    """The cosine of every two units' tf-idf vectors, ``(N, N) float32``, 0..1, the diagonal 0."""
    import numpy as np

    counts = [Counter(unit) for unit in units]
    frequency = Counter(stem for count in counts for stem in count)
    # A stem in one unit alone makes it like no other: it only lengthens its vector.
    columns = {stem: column for column, stem in enumerate(stem for stem, units_ in frequency.items() if units_ > 1)}
    idf = {stem: float(np.log(1 + len(units) / count)) for stem, count in frequency.items()}
    matrix = np.zeros((len(units), max(1, len(columns))), dtype=np.float32)
    for row, count in enumerate(counts):
        length = sum((times * idf[stem]) ** 2 for stem, times in count.items()) ** 0.5
        for stem, times in count.items():
            if stem in columns:
                matrix[row, columns[stem]] = times * idf[stem] / length
    similarity: NDArray[Any] = np.clip(matrix @ matrix.T, 0, 1)
    np.fill_diagonal(similarity, 0)
    return similarity


def score_lexrank(similarity: NDArray[Any]) -> NDArray[Any]:
    """The centrality of each unit, ``(N,) float64`` summing to 1, by power iteration.

    Source: Erkan and Radev, "LexRank: Graph-based Lexical Centrality as Salience in Text Summarization" (2004),
    the continuous form.
    """
    import numpy as np

    size = len(similarity)
    degree = similarity.sum(axis=1, dtype=np.float64)
    # A unit like no other passes its weight to all.
    transition = np.where(degree[:, None] > 0, similarity / np.where(degree > 0, degree, 1)[:, None], 1 / max(1, size))
    scores = np.full(size, 1 / max(1, size))
    for _ in range(100):
        after = DAMPING * (scores @ transition) + (1 - DAMPING) / max(1, size)
        moved = float(np.abs(after - scores).sum())
        scores = after
        if moved < TOLERANCE:
            break
    return scores


def choose_varied(
    scores: Sequence[float], similarity: NDArray[Any], groups: Sequence[int], count: int, quota: int = 1
) -> list[int]:
    """Up to ``count`` indices, best first: central, unlike each other, at most ``quota`` a group while others have any.

    Source: Carbonell and Goldstein, "The Use of MMR" (1998).
    """
    top = max(scores, default=0) or 1
    chosen: list[int] = []
    used: Counter[int] = Counter()
    left = set(range(len(scores)))
    nearest = [0.0] * len(scores)
    while left and len(chosen) < count:
        fresh = [index for index in left if used[groups[index]] < quota]
        if not fresh:
            quota += 1
            continue
        pick = max(fresh, key=lambda i: ((1 - VARIETY) * scores[i] / top - VARIETY * nearest[i], -i))
        chosen.append(pick)
        left.remove(pick)
        used[groups[pick]] += 1
        for index in left:
            nearest[index] = max(nearest[index], float(similarity[pick, index]))
    return chosen
