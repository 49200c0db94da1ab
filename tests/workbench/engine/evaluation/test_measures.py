import numpy as np
import pytest
from sklearn import metrics

from workbench.engine.evaluation import measures


def drawn(classes: int, samples: int = 300) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(classes)
    # Rounded, so that there are ties.
    chances = rng.dirichlet(np.ones(classes), samples).round(2)
    return chances, rng.integers(0, max(classes - 1, 2), samples).astype(np.int32)


def weights_of(samples: int, *, weighted: bool) -> np.ndarray | None:
    """Weights of which some are 0."""
    rng = np.random.default_rng(1)
    return (rng.exponential(size=samples) * (rng.random(samples) > 0.3)).astype(np.float32) if weighted else None


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("classes", [2, 3, 10])
def test_that_the_figures_of_classes_are_those_of_scikit_learn(classes: int, weighted: bool) -> None:
    chances, truths = drawn(classes)
    told = chances.argmax(axis=1)
    weights = weights_of(len(truths), weighted=weighted)
    figures = measures.classification(chances, truths, weights)
    assert figures["accuracy"] == pytest.approx(metrics.accuracy_score(truths, told, sample_weight=weights))
    for name, function in (
        ("macro_precision", metrics.precision_score),
        ("macro_recall", metrics.recall_score),
        ("macro_f1", metrics.f1_score),
    ):
        wanted = function(truths, told, average="macro", zero_division=0, sample_weight=weights)
        assert figures[name] == pytest.approx(wanted), name
    if classes == 2:
        assert figures["auc"] == pytest.approx(metrics.roc_auc_score(truths, chances[:, 1], sample_weight=weights))
    confusion = measures.confusion_matrix(truths, told, classes, weights)
    wanted = metrics.confusion_matrix(truths, told, labels=range(classes), sample_weight=weights)
    np.testing.assert_allclose(confusion, wanted, rtol=1e-5)


@pytest.mark.parametrize("weighted", [False, True])
def test_that_top_5_counts_what_is_among_the_five_most_likely(weighted: bool) -> None:
    rng = np.random.default_rng(0)
    chances = rng.permuted(np.tile(np.arange(10.0), (200, 1)), axis=1)
    truths = rng.integers(0, 10, 200)
    weights = weights_of(len(truths), weighted=weighted)
    expected = metrics.top_k_accuracy_score(truths, chances, k=5, sample_weight=weights)
    assert measures.classification(chances, truths, weights)["top_5_accuracy"] == pytest.approx(expected)


@pytest.mark.parametrize("weighted", [False, True])
def test_that_the_figures_of_values_are_those_of_scikit_learn(weighted: bool) -> None:
    rng = np.random.default_rng(0)
    truths = rng.normal(100, 20, 200)
    values = truths + rng.normal(0, 5, 200)
    weights = weights_of(len(truths), weighted=weighted)
    figures = measures.regression(values, truths, weights)
    for name, function in (
        ("mean_absolute_error", metrics.mean_absolute_error),
        ("root_mean_squared_error", metrics.root_mean_squared_error),
        ("r2_score", metrics.r2_score),
    ):
        assert figures[name] == pytest.approx(function(truths, values, sample_weight=weights)), name


def test_that_what_cannot_be_told_is_left_out() -> None:
    assert measures.classification(np.zeros((0, 3)), np.zeros(0, np.int32)) == {}
    assert measures.regression(np.zeros(0), np.zeros(0)) == {}
    assert "r2_score" not in measures.regression(np.array([1.0]), np.array([2.0]))
    assert "auc" not in measures.classification(np.array([[0.4, 0.6]]), np.array([1]))
