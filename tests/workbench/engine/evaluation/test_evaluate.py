import dataclasses
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import precision_score

from workbench.core.cancel import CancelToken
from workbench.core.errors import Cancelled, ProjectError
from workbench.data.dataset import Dataset, open_dataset
from workbench.data.spec import DatasetSpec
from workbench.engine.evaluation import evaluate, report
from workbench.runs import store


def test_that_a_classifier_is_measured_on_the_untouched_part(bench: Any) -> None:
    dataset = bench.builtin("digits")
    ended, _ = bench.train(bench.classifier(), dataset, epochs=2, learning_rate=0.01)
    found = evaluate(bench.folder, dataset=dataset)
    part = dataset.part("test")
    assert (found.run, found.split, found.samples) == (ended.run, "test", len(part))
    assert found.classes == dataset.info.classes
    assert found.confusion is not None
    assert found.confusion.sum() == len(part)
    np.testing.assert_array_equal(found.confusion.sum(axis=1), np.bincount(part.y, minlength=10))
    assert found.metrics["accuracy"] == pytest.approx((found.predicted == part.y).mean())
    np.testing.assert_array_equal(found.index, part.index)


def test_that_the_validation_figures_are_those_that_training_told(bench: Any) -> None:
    dataset = bench.builtin("digits")
    ended, _ = bench.train(bench.classifier(), dataset, epochs=2, learning_rate=0.01)
    metrics = evaluate(bench.folder, split="validation", dataset=dataset).metrics
    assert metrics["loss"] == pytest.approx(ended.metrics["val_loss"], rel=1e-4)
    assert metrics["accuracy"] == pytest.approx(ended.metrics["val_accuracy"], rel=1e-4)


@pytest.mark.parametrize(
    ("loss", "params"),
    [
        ("mean_squared_error", {}),
        ("huber", {}),
        ("huber", {"delta": 0.1}),
        ("log_cosh", {}),
        ("mean_absolute_percentage_error", {}),
    ],
)
def test_that_values_are_measured_in_their_own_unit(bench: Any, loss: str, params: dict[str, float]) -> None:
    dataset = bench.builtin("diabetes")
    ended, _ = bench.train(bench.regressor(), dataset, epochs=2, loss=loss, loss_params=params)
    found = evaluate(bench.folder, split="validation", dataset=dataset)
    assert found.metrics["loss"] == pytest.approx(ended.metrics["val_loss"], rel=1e-4)
    assert found.metrics["mean_absolute_error"] == pytest.approx(ended.metrics["val_mean_absolute_error"], rel=1e-4)
    labels = [dataset.label(int(index)) for index in found.index]
    np.testing.assert_allclose(found.truths, labels, rtol=1e-5)
    errors = np.abs(found.predictions - found.truths)
    assert errors[found.wrong()[0]] == errors.max()
    assert found.confusion is None
    assert found.to_json()["confusion_matrix"] is None


@pytest.mark.parametrize(
    ("loss", "units", "activation"),
    [
        ("binary_crossentropy", 1, "sigmoid"),
        ("binary_focal_crossentropy", 1, "sigmoid"),
        ("categorical_crossentropy", 2, "softmax"),
        ("kl_divergence", 2, "softmax"),
    ],
)
def test_that_two_classes_are_measured_with_every_loss(bench: Any, loss: str, units: int, activation: str) -> None:
    dataset = bench.builtin("breast_cancer")
    graph = bench.stack(("Dense", {"units": 8}), ("Dense", {"units": units, "activation": activation}))
    ended, _ = bench.train(graph, dataset, epochs=1, loss=loss)
    found = evaluate(bench.folder, split="validation", dataset=dataset)
    assert found.metrics["loss"] == pytest.approx(ended.metrics["val_loss"], rel=1e-3)
    assert found.predictions.shape == (found.samples, 2)
    assert 0 <= found.metrics["auc"] <= 1


def test_that_a_loss_is_measured_with_its_own_settings(bench: Any) -> None:
    dataset = bench.builtin("digits")
    smooth = {"loss": "categorical_crossentropy", "loss_params": {"label_smoothing": 0.4}}
    ended, _ = bench.train(bench.classifier(), dataset, epochs=2, **smooth)
    found = evaluate(bench.folder, split="validation", dataset=dataset)
    assert found.metrics["loss"] == pytest.approx(ended.metrics["val_loss"], rel=1e-4)


def weighted(bench: Any, answers: str) -> Dataset:
    """Answers that follow from five numbers, and weights of which a fifth are 0."""
    random = np.random.default_rng(0)
    x = random.normal(size=(200, 5)).astype(np.float32)
    score = x @ np.arange(5.0) + random.normal(size=200)
    y = score.astype(np.float32) if answers == "value" else (score > 0).astype(np.int64)
    path = bench.folder / "weighted.npz"
    np.savez(path, x=x, y=y, w=random.exponential(size=200) * (random.random(200) > 0.2))
    task = "regression" if answers == "value" else "classification"
    return open_dataset(DatasetSpec(source="npz", location=str(path), weight_column="w", task=task))


@pytest.mark.parametrize("answers", ["two", "value"])
def test_that_samples_count_by_their_weight_as_in_keras_s_own_evaluate(bench: Any, answers: str) -> None:
    dataset = weighted(bench, answers)
    if answers == "two":
        graph, loss = bench.stack(("Dense", {"units": 1, "activation": "sigmoid"})), "binary_crossentropy"
        metrics = ["accuracy"]
    else:
        graph, loss, metrics = bench.stack(("Dense", {"units": 1})), "mean_squared_error", ["mean_absolute_error"]
    ended, _ = bench.train(graph, dataset, epochs=2, learning_rate=0.02, loss=loss, metrics=tuple(metrics))
    found = evaluate(bench.folder, split="validation", dataset=dataset)
    part, unit = dataset.part("validation"), getattr(dataset.preparation.target, "std", 1.0)
    for weights, figures in ((part.weight, found.metrics), (None, found.unweighted)):
        model = bench.best(ended)
        model.compile("sgd", loss, weighted_metrics=metrics)
        told = model.evaluate(
            part.x, part.y.reshape(-1, 1), sample_weight=weights, batch_size=len(part), verbose=0, return_dict=True
        )
        assert figures["loss"] == pytest.approx(told["loss"], rel=1e-4)
        scale = unit if answers == "value" else 1.0
        assert figures[metrics[0]] == pytest.approx(told[metrics[0]] * scale, rel=1e-4)
    assert found.metrics["loss"] == pytest.approx(ended.metrics["val_loss"], rel=1e-4)
    assert found.metrics["loss"] != pytest.approx(found.unweighted["loss"], rel=1e-2)
    body = found.to_json()
    assert (body["weighted_by"], body["unweighted_metrics"]) == ("w", found.unweighted)
    if answers == "two":
        told = found.class_figures()
        assert sum(each["support"] for each in told) == found.samples, "samples are counted, whatever they weigh"
        wanted = precision_score(found.truths, found.predicted, average=None, sample_weight=found.weights)
        assert [each["precision"] for each in told] == pytest.approx(list(wanted))


def test_that_a_part_in_which_nothing_counts_is_measured_as_if_all_did(bench: Any) -> None:
    dataset = weighted(bench, "two")
    bench.train(bench.stack(("Dense", {"units": 2, "activation": "softmax"})), dataset, epochs=1)
    part = dataset.part("test")
    dataset._parts["test"] = dataclasses.replace(part, weight=np.zeros_like(part.weight))
    found = evaluate(bench.folder, dataset=dataset)
    assert (found.weights, found.weighted_by, found.unweighted) == (None, "", {})
    assert found.metrics["accuracy"] == pytest.approx((found.predicted == part.y).mean())


def test_that_every_figure_leads_to_its_samples(bench: Any) -> None:
    dataset = bench.builtin("digits")
    bench.train(bench.classifier(), dataset, epochs=1)
    found = evaluate(bench.folder, dataset=dataset)
    wrong = found.wrong()
    assert len(wrong) == found.samples - np.trace(found.confusion)
    assert (np.diff(found.confidence[wrong]) <= 0).all()
    for truth, predicted in ((0, 0), (8, 1)):
        places = found.cell(truth, predicted)
        assert len(places) == found.confusion[truth, predicted]
        assert all(dataset.label(int(found.index[place])) == str(truth) for place in places)


def test_that_the_report_is_kept_and_forgotten_with_its_model(bench: Any) -> None:
    dataset = bench.builtin("digits")
    ended, _ = bench.train(bench.classifier(), dataset, epochs=1)
    assert report.cached_metrics(bench.folder, ended.run, "test") is None
    found = evaluate(bench.folder, dataset=dataset)
    body = json.loads(report.path_for(bench.folder, ended.run, "test").read_text(encoding="utf-8"))
    assert body["metrics"] == found.metrics
    assert body["confusion_axes"] == {"rows": "true class", "columns": "predicted class"}
    assert {"run", "split", "samples", "metrics", "confusion_matrix", "classes"} <= set(body)
    assert sum(record["support"] for record in body["per_class"]) == found.samples
    assert report.cached_metrics(bench.folder, ended.run, "test") == found.metrics
    os.utime(store.best_model(bench.folder, ended.run), (1, 1))
    assert report.cached_metrics(bench.folder, ended.run, "test") is None
    report.path_for(bench.folder, ended.run, "test").write_text("{cut")
    assert report.cached_metrics(bench.folder, ended.run, "test") is None


def test_that_the_run_s_own_data_are_opened_when_others_are_at_hand(bench: Any) -> None:
    bench.train(bench.classifier(), bench.builtin("digits"), epochs=1)
    assert len(evaluate(bench.folder, dataset=bench.builtin("diabetes")).classes) == 10


def test_that_data_that_changed_since_are_told(bench: Any, tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("a,b,t\n" + "".join(f"{row},{row % 7},{row * 1.5}\n" for row in range(60)), encoding="utf-8")
    spec = DatasetSpec(source="csv", location=str(path), target="t", task="regression")
    bench.train(bench.regressor(), open_dataset(spec), epochs=1)
    path.write_text(path.read_text(encoding="utf-8").replace("\n1,", "\n1000,"), encoding="utf-8")
    with pytest.raises(ProjectError, match="has changed since"):
        evaluate(bench.folder)


def test_that_a_project_without_a_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="Train it first"):
        evaluate(tmp_path)


def test_that_a_cancel_ends_the_measuring(bench: Any) -> None:
    dataset = bench.builtin("digits")
    bench.train(bench.classifier(), dataset, epochs=1)
    token = CancelToken()
    token.stop()
    with pytest.raises(Cancelled):
        evaluate(bench.folder, dataset=dataset, cancel=token)
