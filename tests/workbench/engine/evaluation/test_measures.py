import numpy as np
import pytest
from sklearn import metrics

from workbench.engine.evaluation import measures


def drawn(classes: int, samples: int = 300) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(classes)
    # Rounded, so that there are ties.
    chances = rng.dirichlet(np.ones(classes), samples).round(2)
    return chances, rng.integers(0, max(classes - 1, 2), samples).astype(np.int32)


@pytest.mark.parametrize("classes", [2, 3, 10])
def test_that_the_figures_of_classes_are_those_of_scikit_learn(classes: int) -> None:
    chances, truths = drawn(classes)
    told = chances.argmax(axis=1)
    figures = measures.classification(chances, truths)
    assert figures["accuracy"] == pytest.approx(metrics.accuracy_score(truths, told))
    for name, function in (
        ("macro_precision", metrics.precision_score),
        ("macro_recall", metrics.recall_score),
        ("macro_f1", metrics.f1_score),
    ):
        assert figures[name] == pytest.approx(function(truths, told, average="macro", zero_division=0)), name
    if classes == 2:
        assert figures["auc"] == pytest.approx(metrics.roc_auc_score(truths, chances[:, 1]))
    confusion = measures.confusion_matrix(truths, told, classes)
    np.testing.assert_array_equal(confusion, metrics.confusion_matrix(truths, told, labels=range(classes)))


def test_that_top_5_counts_what_is_among_the_five_most_likely() -> None:
    rng = np.random.default_rng(0)
    chances = rng.permuted(np.tile(np.arange(10.0), (200, 1)), axis=1)
    truths = rng.integers(0, 10, 200)
    expected = metrics.top_k_accuracy_score(truths, chances, k=5)
    assert measures.classification(chances, truths)["top_5_accuracy"] == pytest.approx(expected)


def test_that_the_figures_of_values_are_those_of_scikit_learn() -> None:
    rng = np.random.default_rng(0)
    truths = rng.normal(100, 20, 200)
    values = truths + rng.normal(0, 5, 200)
    figures = measures.regression(values, truths)
    assert figures["mean_absolute_error"] == pytest.approx(metrics.mean_absolute_error(truths, values))
    assert figures["root_mean_squared_error"] == pytest.approx(metrics.root_mean_squared_error(truths, values))
    assert figures["r2_score"] == pytest.approx(metrics.r2_score(truths, values))


def test_that_what_cannot_be_told_is_left_out() -> None:
    assert measures.classification(np.zeros((0, 3)), np.zeros(0, np.int32)) == {}
    assert measures.regression(np.zeros(0), np.zeros(0)) == {}
    assert "r2_score" not in measures.regression(np.array([1.0]), np.array([2.0]))
    assert "auc" not in measures.classification(np.array([[0.4, 0.6]]), np.array([1]))
