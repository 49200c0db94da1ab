"""The export's own process: writes the model, and the app's answers on real samples that it must give too."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf
from pydantic import BaseModel

from workbench.catalog.formats import Format
from workbench.core.errors import ExportError
from workbench.core.files import write_failed
from workbench.engine.evaluation.evaluate import metrics_of
from workbench.engine.export import keras_file, manifest, process, proof, samples, saved_model, standalone
from workbench.engine.predict import RunPredictor
from workbench.runs import store


class Job(BaseModel):
    """What to build: `scratch` holds the staged samples and gets `check.npz`; `place` gets the export."""

    folder: Path
    run: str
    format: Format
    scratch: Path
    place: Path


def build(job: Job, tell: Callable[[float, str], None]) -> dict[str, Any]:
    """Write the export and what it is to be compared with.

    Returns:
        `golden`: how many samples travel with the export; `metrics`: on the test part, None where it was not staged.

    Raises:
        FileError: The disk is full, or may not be written to.
        ExportError: TensorFlow could not write the model.
    """
    tell(0.0, "Loading the model")
    predictor = RunPredictor(job.folder, job.run)
    prep = predictor.preparation
    tell(0.2, "Writing the model")
    try:
        if job.format == "saved_model":
            saved_model.write(predictor.model, prep, job.place)
        else:
            keras_file.write(predictor.model, prep, job.place)
    except (OSError, tf.errors.OpError) as error:
        raise _not_written(job.place, error) from error
    tell(0.6, "Asking the app's model about real samples")
    raws = samples.staged(job.scratch)
    check = proof.expected(predictor, raws, job.format)
    check.save(job.scratch / process.CHECK)
    golden = 0
    if job.format == "saved_model":
        golden = check.save_few(job.place / manifest.GOLDEN_FILE)
        shutil.copyfile(standalone.__file__, job.place / manifest.CHECK_FILE)
    tell(0.8, "Measuring on the test part")
    return {"golden": golden, "metrics": _test_metrics(predictor, job)}


def _test_metrics(predictor: RunPredictor, job: Job) -> dict[str, float] | None:
    if not (job.scratch / process.TEST_X).exists():
        return None
    x = np.load(job.scratch / process.TEST_X, mmap_mode="r", allow_pickle=False)
    y = np.load(job.scratch / process.TEST_Y, allow_pickle=False)
    path = job.scratch / process.TEST_WEIGHT
    weights = np.load(path, allow_pickle=False) if path.exists() else None
    return metrics_of(store.load_plan(job.folder, job.run), predictor, predictor.outputs(x), y, weights)


def _not_written(place: Path, error: Exception) -> Exception:
    text = str(error)
    if isinstance(error, OSError) and error.errno:
        return write_failed(place, error)
    for number in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES):
        words = OSError(number, "").strerror or ""
        if "No space left" in text or (words and words in text):
            return write_failed(place, OSError(errno.ENOSPC if "No space left" in text else number, words))
    return ExportError("The model could not be written in this format.", text.splitlines()[0], "Choose another format.")
