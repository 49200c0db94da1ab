"""The way of an export: stage samples, build in one process, prove in another, swap into place, write the record."""

from __future__ import annotations

import contextlib
import dataclasses
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from workbench.catalog.formats import FORMATS, FormatSpec, format_spec
from workbench.core.cancel import CancelToken
from workbench.core.errors import ExportError, ProjectError, UsageError
from workbench.core.files import write_failed, write_json
from workbench.data.dataset import Dataset, open_dataset
from workbench.data.spec import Preparation
from workbench.data.work import Progress, Work
from workbench.engine.evaluation import report
from workbench.engine.evaluation.evaluate import counting
from workbench.engine.export import destination, manifest, process, samples, standalone
from workbench.engine.export.certificate import Certificate
from workbench.project.model import RunRecord, TrainPlan
from workbench.runs import store

_DATA, _STAGED, _BUILT = 0.15, 0.25, 0.7
"""How far the whole is when each step has ended."""


def export_run(
    folder: Path,
    *,
    format: str,  # noqa: A002 - the command line's own word
    out: Path,
    run: str | None = None,
    dataset: Dataset | None = None,
    progress: Progress | None = None,
    cancel: CancelToken | None = None,
) -> Certificate:
    """Export a run's best model, and prove in a fresh process that it answers as the app does.

    What stood at `out` before stays whole until the new export is proved; a failure or a cancel leaves it as it was.

    Args:
        folder: The project's folder.
        format: "saved_model" or "keras".
        out: Where to: a folder for a SavedModel, else a file.
        run: The run's name; None for the newest that left a model.
        dataset: The run's data where they are open already.
        progress: Told how far it is.
        cancel: Ends it, its processes with it.

    Raises:
        UsageError: There is no such format.
        ExportError: It could not be made, or did not hold; `out` must be new, empty, or an earlier export.
        FileError: The disk is full or may not be written to.
        DataError: The run's data cannot be read, so nothing could be proved.
        Cancelled: The user asked for the end.
    """
    spec = format_spec(format)
    if spec is None:
        names = ", ".join(known.name for known in FORMATS)
        raise UsageError("A format must be one of those there are.", format, f"There is: {names}.")
    record = store.chosen_run(folder, run)
    plan = store.load_plan(folder, record.run)
    if record.preparation is None:
        raise ProjectError("A run must say how its data were prepared.", f"{record.run} does not", "Train again.")
    out = destination.checked(out, spec)
    work = Work(progress, cancel)
    with _scratch() as scratch, destination.placed(out, spec) as place:
        order = _Order(folder.absolute(), plan, record, record.preparation, spec, scratch, place, out)
        facts = _made(order, _data_of(plan, dataset, work, cancel), work)
        body = facts.to_json()
        if spec.is_folder:
            write_json(place / manifest.FILE, body)
        work.look()
    if not spec.is_folder:
        write_json(manifest.path_for(out), body)
    return _certificate(out, facts)


@dataclasses.dataclass(frozen=True)
class _Order:
    """Everything that the steps share."""

    folder: Path
    plan: TrainPlan
    record: RunRecord
    preparation: Preparation
    spec: FormatSpec
    scratch: Path
    place: Path
    out: Path


@contextlib.contextmanager
def _scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="keras-workbench-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def _data_of(plan: TrainPlan, dataset: Dataset | None, work: Work, cancel: CancelToken | None) -> Dataset:
    spec = plan.project.dataset
    if spec is None:
        raise ProjectError("A run must say what data it learnt from.", f"{plan.run} does not", "Train again.")
    if dataset is not None and dataset.spec == spec:
        return dataset
    return open_dataset(spec, progress=lambda fraction, words: work.tell(_DATA * (fraction or 0), words), cancel=cancel)


def _made(order: _Order, dataset: Dataset, work: Work) -> manifest.Facts:
    metrics = report.cached_metrics(order.folder, order.record.run, "test")
    try:
        samples.stage(dataset, order.scratch, work, _DATA)
        if metrics is None and dataset.preparation == order.preparation:
            test = dataset.part("test")
            np.save(order.scratch / process.TEST_X, test.x)
            np.save(order.scratch / process.TEST_Y, test.y)
            if (weights := counting(test)) is not None:
                np.save(order.scratch / process.TEST_WEIGHT, weights)
    except OSError as error:
        raise write_failed(order.scratch, error) from error
    job = order.scratch / "job.json"
    write_json(
        job,
        {
            "folder": order.folder,
            "run": order.record.run,
            "format": order.spec.name,
            "scratch": order.scratch,
            "place": order.place,
        },
    )
    built = process.run(["-m", "workbench.engine.export", str(job)], order.scratch, work, (_STAGED, _BUILT))
    proof = _proved(order, work)
    name = None if order.spec.is_folder else order.out.name
    return manifest.Facts(
        format=order.spec.name,
        plan=order.plan,
        record=order.record,
        preparation=order.preparation,
        proof=proof,
        test_metrics=metrics if metrics is not None else built["metrics"],
        golden=built["golden"],
        files=manifest.hashed(order.place, name),
    )


def _proved(order: _Order, work: Work) -> dict[str, Any]:
    work.tell(_BUILT, "Loading it in a fresh process and comparing")
    # A copy outside the package, so that nothing of the program can be imported by accident.
    script = order.scratch / manifest.CHECK_FILE
    shutil.copyfile(standalone.__file__, script)
    check = order.scratch / process.CHECK
    arguments = [str(script), "--json", "--model", str(order.place), "--samples", str(check)]
    proof = process.run(arguments, order.scratch, work, (_BUILT, 1.0), alone=True)
    if not proof["agrees"]:
        largest = "no number" if proof["max_abs_diff"] is None else f"{proof['max_abs_diff']:.3g}"
        raise ExportError(
            f"An export must answer as the app does, to within {proof['tolerance']:.3g}.",
            f"a largest difference of {largest} and the same label on "
            f"{proof['label_agreement']:.1%} of {proof['samples']} samples{_further_words(proof)}, so it was not kept",
            "Choose another format, or change the layers that this one cannot hold.",
        )
    return proof


def _further_words(proof: dict[str, Any]) -> str:
    """The further targets whose answers are not near enough."""
    return "".join(
        f", of {name} {'no number' if one['max_abs_diff'] is None else format(one['max_abs_diff'], '.3g')}"
        for name, one in proof.get("further", {}).items()
        if one["max_abs_diff"] is None or one["max_abs_diff"] > one["tolerance"]
    )


def _certificate(out: Path, facts: manifest.Facts) -> Certificate:
    return Certificate(
        path=out,
        format=facts.format,
        verified=facts.proof["agrees"],
        max_abs_diff=facts.proof["max_abs_diff"],
        tolerance=facts.proof["tolerance"],
        label_agreement=facts.proof["label_agreement"],
        samples=facts.proof["samples"],
        signatures=facts.proof["signatures"],
        size=sum(file["size"] for file in facts.files.values()),
        manifest=manifest.path_for(out),
        further=facts.proof.get("further", {}),
    )
