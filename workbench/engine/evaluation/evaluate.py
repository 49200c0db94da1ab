"""Measures a run's best model on a part of the data."""

from __future__ import annotations

import contextlib
import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from workbench.core.cancel import CancelToken
from workbench.core.errors import FileError, ProjectError
from workbench.data.dataset import Dataset, Part, PartName, open_dataset
from workbench.data.spec import ClassTarget, Preparation
from workbench.data.work import Array, Progress
from workbench.engine.evaluation import measures, report
from workbench.engine.evaluation.result import Evaluation
from workbench.project.model import TrainPlan
from workbench.project.outputs import End, answering_places, ends_of
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
    stamp = report.model_stamp(folder, plan.run)
    every = predictor.answers(part.x, progress, cancel)
    main, *further = (
        _evaluation(plan, predictor, dataset, split, place, answers) for place, answers in enumerate(every)
    )
    found = dataclasses.replace(main, further=tuple(further))
    # A report that cannot be kept costs its next reader a moment, and nobody the figures.
    with contextlib.suppress(FileError):
        report.keep(folder, found, stamp)
    return found


def counting(part: Part) -> Array | None:
    """How much each sample of a part counts in its figures; None for all alike, also where none would count."""
    return part.weight if part.weight is not None and part.weight.any() else None


def _evaluation(
    plan: TrainPlan, predictor: RunPredictor, dataset: Dataset, split: PartName, place: int, answers: Array
) -> Evaluation:
    """The figures of one target."""
    part, prep = dataset.part(split), predictor.preparation.of(place)
    y, weights = part.answers[place], counting(part)
    truths = in_own_unit(prep, y)
    classes = prep.target.classes if isinstance(prep.target, ClassTarget) else ()
    return Evaluation(
        run=plan.run,
        split=split,
        samples=len(part),
        metrics=metrics_of(plan, predictor, answers, y, weights, place),
        classes=classes,
        confusion=measures.confusion_matrix(truths, answers.argmax(axis=1), len(classes)) if classes else None,
        predictions=answers,
        truths=truths,
        index=part.index,
        target=dataset.info.targets[place].name,
        weights=weights,
        weighted_by="" if weights is None else dataset.info.weight,
        unweighted={} if weights is None else metrics_of(plan, predictor, answers, y, place=place),
    )


def in_own_unit(prep: Preparation, y: Array) -> Array:
    """A part's targets as class numbers, or as values in their own unit."""
    if isinstance(prep.target, ClassTarget):
        return y
    return y.astype(np.float64) * prep.target.std + prep.target.mean


def metrics_of(
    plan: TrainPlan, predictor: RunPredictor, answers: Array, y: Array, weights: Array | None = None, place: int = 0
) -> dict[str, float]:
    """The loss that was trained with, and the figures that fit the task.

    Args:
        plan: The run's plan.
        predictor: What gave the answers.
        answers: Probabilities, or values in their own unit.
        y: The truths as the part holds them.
        weights: How much each sample counts; None for all alike.
        place: Which of the targets these are.
    """
    if not len(y):
        return {}
    prep = predictor.preparation.of(place)
    truths = in_own_unit(prep, y)
    measure = measures.classification if answers.ndim == 2 else measures.regression
    return {"loss": _loss(_end(plan, place), prep, answers, y, weights), **measure(answers, truths, weights)}


def _end(plan: TrainPlan, place: int) -> End:
    """The output that answers a target."""
    project = plan.project
    assert project.info is not None, "a trained run's project has seen its data"
    ends = ends_of(project.training, project.info, [node.name for node in project.graph.outputs])
    return ends[answering_places(ends)[place]]


def _loss(end: End, prep: Preparation, answers: Array, y: Array, weights: Array | None) -> float:
    """Keras's own, of all samples in one batch: weighted, it is divided by their number, not by their weight."""
    from workbench.engine.measures import make_loss

    spec = end.loss
    truths: Array = y
    if isinstance(prep.target, ClassTarget):
        outputs = answers if spec.outputs > 1 else answers[:, 1:]
        truths = np.eye(answers.shape[1], dtype=np.float32)[y] if spec.one_hot else y.reshape(len(y), -1)
    else:
        outputs = ((answers - prep.target.mean) / prep.target.std)[:, None]
        truths = y[:, None]
    loss = make_loss(spec, end.params, prep)
    truths = truths.astype(np.float32) if spec.outputs == 1 else truths
    return float(loss(truths, outputs.astype(np.float32), sample_weight=weights))
