"""Measures a run's best model on a part of the data."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from workbench.catalog.losses import resolve_loss
from workbench.core.cancel import CancelToken
from workbench.core.errors import FileError, ProjectError
from workbench.data.dataset import Dataset, Part, PartName, open_dataset
from workbench.data.spec import ClassTarget, Preparation
from workbench.data.work import Array, Progress
from workbench.engine.evaluation import measures, report
from workbench.engine.evaluation.result import Evaluation
from workbench.project.model import TrainPlan
from workbench.runs import store

if TYPE_CHECKING:
    from workbench.engine.predict import RunPredictor


def evaluate(
    folder: Path,
    run: str | None = None,
    split: PartName = "test",
    dataset: Dataset | None = None,
    progress: Progress | None = None,
    cancel: CancelToken | None = None,
) -> Evaluation:
    """Measure a run's best model.

    Args:
        folder: The project's folder.
        run: The run's name; None for the newest that left a model.
        split: The part of the data: "train", "validation" or "test".
        dataset: The run's data where they are open already.
        progress: Told how far it is.
        cancel: Looked at often.

    Raises:
        ProjectError: There is no such run, it left no model, or the data are no longer those that it learnt from.
        DataError: The data cannot be read.
        Cancelled: The user asked for the end.
    """
    # Here, because the export that predict leads to reads what this room keeps.
    from workbench.engine.predict import RunPredictor

    predictor = RunPredictor(folder, run)
    plan = store.load_plan(folder, predictor.run)
    spec = plan.project.dataset
    if spec is None:
        raise ProjectError("A run must say what data it learnt from.", f"{plan.run} does not", "Train again.")
    if dataset is None or dataset.spec != spec:
        dataset = open_dataset(spec, progress=progress, cancel=cancel)
    if dataset.preparation != predictor.preparation:
        raise ProjectError(
            "A run is measured on the data that it learnt from.",
            f"{dataset.info.title} has changed since {plan.run}",
            "Train again on the data as they are now.",
        )
    part = dataset.part(split)
    weights = counting(part)
    stamp = report.model_stamp(folder, plan.run)
    answers = predictor.outputs(part.x, progress, cancel)
    truths = in_own_unit(predictor.preparation, part.y)
    target = predictor.preparation.target
    named = isinstance(target, ClassTarget)
    classes = target.classes if isinstance(target, ClassTarget) else ()
    found = Evaluation(
        run=plan.run,
        split=split,
        samples=len(part),
        metrics=metrics_of(plan, predictor, answers, part.y, weights),
        classes=classes,
        confusion=measures.confusion_matrix(truths, answers.argmax(axis=1), len(classes)) if named else None,
        predictions=answers,
        truths=truths,
        index=part.index,
        target=dataset.info.target,
        weights=weights,
        weighted_by="" if weights is None else dataset.info.weight,
        unweighted={} if weights is None else metrics_of(plan, predictor, answers, part.y),
    )
    # A report that cannot be kept costs its next reader a moment, and nobody the figures.
    with contextlib.suppress(FileError):
        report.keep(folder, found, stamp)
    return found


def counting(part: Part) -> Array | None:
    """How much each sample of a part counts in its figures; None for all alike, also where none would count."""
    return part.weight if part.weight is not None and part.weight.any() else None


def in_own_unit(prep: Preparation, y: Array) -> Array:
    """A part's targets as class numbers, or as values in their own unit."""
    if isinstance(prep.target, ClassTarget):
        return y
    return y.astype(np.float64) * prep.target.std + prep.target.mean


def metrics_of(
    plan: TrainPlan, predictor: RunPredictor, answers: Array, y: Array, weights: Array | None = None
) -> dict[str, float]:
    """The loss that was trained with, and the figures that fit the task.

    Args:
        plan: The run's plan.
        predictor: What gave the answers.
        answers: Probabilities, or values in their own unit.
        y: The truths as the part holds them.
        weights: How much each sample counts; None for all alike.
    """
    if not len(y):
        return {}
    prep = predictor.preparation
    truths = in_own_unit(prep, y)
    measure = measures.classification if answers.ndim == 2 else measures.regression
    return {"loss": _loss(plan, prep, answers, y, weights), **measure(answers, truths, weights)}


def _loss(plan: TrainPlan, prep: Preparation, answers: Array, y: Array, weights: Array | None) -> float:
    """Keras's own, of all samples in one batch: weighted, it is divided by their number, not by their weight."""
    from workbench.engine.measures import make_loss

    info, settings = plan.project.info, plan.project.training
    assert info is not None, "a trained run's project has seen its data"
    spec = resolve_loss(settings.loss, info)
    truths: Array = y
    if isinstance(prep.target, ClassTarget):
        outputs = answers if spec.outputs > 1 else answers[:, 1:]
        truths = np.eye(answers.shape[1], dtype=np.float32)[y] if spec.one_hot else y.reshape(len(y), -1)
    else:
        outputs = ((answers - prep.target.mean) / prep.target.std)[:, None]
        truths = y[:, None]
    loss = make_loss(spec, settings.loss_params, prep)
    truths = truths.astype(np.float32) if spec.outputs == 1 else truths
    return float(loss(truths, outputs.astype(np.float32), sample_weight=weights))
