"""core/engines/draft/rank.py: LexRank against its own definition, and choices that vary."""

import numpy as np
import pytest

from core.engines.draft.rank import DAMPING, choose_varied, measure_similarity, score_lexrank, thin_out

UNITS = [["rede", "porto"], ["rede", "faca"], ["rede", "porto", "barco"], ["sino"], ["sino", "missa"]]


def test_similarity_is_a_cosine() -> None:
    similarity = measure_similarity(UNITS)
    assert similarity.shape == (5, 5)
    np.testing.assert_allclose(similarity, similarity.T, atol=1e-6)
    assert (np.diag(similarity) == 0).all()
    assert similarity[0, 3] == 0
    assert similarity[0, 2] > similarity[0, 1] > 0
    assert measure_similarity([["rede"], ["rede"]])[0, 1] == pytest.approx(1)


def test_scores_are_the_fixed_point_of_the_damped_walk() -> None:
    similarity = measure_similarity(UNITS).astype(float)
    scores = score_lexrank(similarity)
    transition = similarity / similarity.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(scores, DAMPING * scores @ transition + (1 - DAMPING) / 5, atol=1e-5)
    assert scores.sum() == pytest.approx(1)


def test_a_unit_like_no_other_keeps_the_sum() -> None:
    scores = score_lexrank(measure_similarity([["rede"], ["rede", "porto"], ["lua"]]))
    assert scores.sum() == pytest.approx(1)
    assert scores[2] == min(scores)
    assert len(score_lexrank(measure_similarity([]))) == 0


def test_a_choice_gives_each_group_its_turn() -> None:
    scores = [0.5, 0.4, 0.3, 0.2, 0.1]
    chosen = choose_varied(scores, np.zeros((5, 5)), [1, 1, 1, 2, 3], 4)
    assert chosen == [0, 3, 4, 1]


def test_a_choice_avoids_the_same_again() -> None:
    similarity = np.array([[0, 1, 0], [1, 0, 0], [0, 0, 0]], dtype=float)
    assert choose_varied([0.5, 0.49, 0.3], similarity, [1, 2, 3], 2) == [0, 2]


def test_more_than_there_is_gives_all() -> None:
    assert sorted(choose_varied([0.1, 0.2], np.zeros((2, 2)), [1, 1], 9)) == [0, 1]
    assert choose_varied([], np.zeros((0, 0)), [], 9) == []


def test_thinning_keeps_every_group_and_the_common_words() -> None:
    units = [["rede", "porto"] if index % 10 == 0 else [f"só{index}"] for index in range(1000)]
    groups = [index // 100 for index in range(1000)]
    kept = thin_out(units, groups, limit=100)
    assert kept == sorted(kept)
    assert len(kept) == 100
    assert {groups[index] for index in kept} == set(range(10))
    assert all(index % 10 == 0 for index in kept)
    assert thin_out(units, groups, limit=1000) == list(range(1000))
