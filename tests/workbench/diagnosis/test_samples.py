from __future__ import annotations

import numpy as np
import pytest

from workbench.data.dataset import open_dataset
from workbench.data.spec import DatasetSpec
from workbench.diagnosis.samples import data_facts, label_noise, telling_column

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("name", ["iris", "wine", "breast_cancer", "digits", "diabetes"])
def test_that_sound_data_are_not_doubted(name: str) -> None:
    facts = data_facts(open_dataset(DatasetSpec(source="builtin", location=name)))
    assert (facts.telling, facts.conflicts, facts.far, facts.alike) == ("", 0, None, ())
    assert (facts.noise or 0) < 0.06


def test_that_wrong_labels_are_counted_by_the_samples_around_them() -> None:
    dataset = open_dataset(DatasetSpec(source="builtin", location="digits"))
    x, y = dataset.part("train").x, dataset.part("train").y.copy()
    wrong = RNG.random(len(y)) < 0.3
    y[wrong] = RNG.integers(0, 10, int(wrong.sum()))
    assert label_noise(x, y, 10) == pytest.approx(0.27, abs=0.07)


def test_that_overlapping_classes_are_no_wrong_labels() -> None:
    x = np.concatenate([RNG.normal(0, 1, (300, 2)), RNG.normal(0.7, 1, (150, 2))])
    assert label_noise(x, np.repeat([0, 1], [300, 150]), 2) in (None, 0.0)


def test_that_a_column_that_tells_the_answer_is_found() -> None:
    x = RNG.normal(size=(200, 3))
    classes = (x[:, 0] > 0.3).astype(np.int32)
    assert telling_column(x, classes, ["a", "b", "c"], classification=True) == "a"
    assert telling_column(x[:, 1:], classes, ["b", "c"], classification=True) == ""
    assert telling_column(x, np.exp(x[:, 2]), ["a", "b", "c"], classification=False) == "c"


def test_that_copies_twins_and_far_values_are_counted(tmp_path) -> None:  # type: ignore[no-untyped-def]
    x = np.tile(RNG.normal(size=(50, 4)), (4, 1))
    y = RNG.normal(50, 10, 200)
    y[::20] = -9999
    np.savez(tmp_path / "d.npz", x=x, y=y)
    facts = data_facts(open_dataset(DatasetSpec(source="npz", location=str(tmp_path / "d.npz"))))
    assert facts.shared["validation"] > 20
    assert facts.conflicts > 80
    assert facts.far == pytest.approx(-9999, rel=1e-3)
