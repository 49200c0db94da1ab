"""Three parts: seeded, stratified, never overlapping, never empty."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.errors import DataError
from workbench.data.spec import SplitSpec
from workbench.data.split import split, value_groups


@given(
    st.lists(st.integers(0, 4), min_size=3, max_size=200),
    st.floats(0.05, 0.8),
    st.floats(0.05, 0.8),
    st.integers(0, 99),
)
def test_that_the_parts_hold_each_sample_once(groups: list[int], train: float, ratio: float, seed: int) -> None:
    rest = 1 - train
    spec = SplitSpec(train=train, validation=rest * ratio, test=rest - rest * ratio, seed=seed)
    parts = split(spec, np.array(groups))
    assert sorted(np.concatenate(parts).tolist()) == list(range(len(groups)))
    assert all(len(part) for part in parts)
    again = split(spec, np.array(groups))
    assert all((one == other).all() for one, other in zip(parts, again, strict=True))


def test_that_each_part_keeps_the_share_of_each_class() -> None:
    groups = np.array([0] * 700 + [1] * 200 + [2] * 100)
    for part, share in zip(split(SplitSpec(), groups), (0.7, 0.15, 0.15), strict=True):
        assert np.bincount(groups[part]).tolist() == pytest.approx([700 * share, 200 * share, 100 * share], abs=1)


def test_that_rounding_does_not_add_up_over_many_classes() -> None:
    groups = np.repeat(np.arange(100), 9)
    train, validation, test = split(SplitSpec(), groups)
    assert abs(len(validation) - 135) <= 1
    assert abs(len(test) - 135) <= 1
    assert len(train) + len(validation) + len(test) == 900


def test_that_a_rare_class_is_learned_first_and_tested_next() -> None:
    groups = np.array([0] * 50 + [1, 2, 2, 3, 3, 3])
    train, validation, test = (groups[part].tolist() for part in split(SplitSpec(), groups))
    assert 1 in train
    assert train.count(2) == test.count(2) == 1
    assert train.count(3) == validation.count(3) == test.count(3) == 1


def test_that_another_seed_gives_other_parts() -> None:
    groups = np.zeros(100, int)
    first, second = (split(SplitSpec(seed=seed), groups)[0] for seed in (0, 1))
    assert first.tolist() != second.tolist()


def test_that_a_given_part_is_kept_and_the_rest_is_cut() -> None:
    given_parts = np.array([0] * 80 + [2] * 20, np.int8)
    _, validation, test = split(SplitSpec(), np.zeros(100, int), given_parts)
    assert test.tolist() == list(range(80, 100))
    assert len(validation) == round(80 * 0.15 / 0.85)
    both = np.array([0] * 60 + [1] * 20 + [2] * 20, np.int8)
    assert [len(part) for part in split(SplitSpec(), np.zeros(100, int), both)] == [60, 20, 20]


def test_that_two_samples_are_too_few() -> None:
    with pytest.raises(DataError, match="At least three"):
        split(SplitSpec(), np.zeros(2, int))
    with pytest.raises(DataError, match="1 training sample"):
        split(SplitSpec(), np.zeros(9, int), np.array([0] + [2] * 8, np.int8))


def test_that_values_are_grouped_by_size() -> None:
    values = np.random.default_rng(0).normal(size=500)
    groups = value_groups(values)
    assert np.bincount(groups).tolist() == [50] * 10
    assert values[groups == 0].max() <= values[groups == 9].min()
    train, _, test = split(SplitSpec(), groups)
    assert values[test].mean() == pytest.approx(values[train].mean(), abs=0.1)
