"""Answers from a run's best model, or from an export: raw samples in, names or values out."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from workbench.core.cancel import CancelToken
from workbench.core.errors import ProjectError
from workbench.data import encode
from workbench.data.encode import RawSample
from workbench.data.spec import ArrayPreparation, ClassTarget, ImagePreparation, Preparation, ValueTarget
from workbench.data.work import Array, Progress, Work
from workbench.engine import runtime
from workbench.engine.export.inputs import read_inputs
from workbench.engine.export.safety import check_keras_file
from workbench.engine.export.use import predict_export
from workbench.runs import store

__all__ = ["Prediction", "RunPredictor", "predict_export"]

_BATCH_BYTES = 32 * 2**20
_MOST_IN_BATCH = 1024


@dataclasses.dataclass(frozen=True, slots=True)
class Prediction:
    """One answer.

    Args:
        input: What was asked about: a file's path, or "row 1".
        label: The most likely class; None for regression.
        confidence: Its probability, 0 to 1.
        probabilities: Class to probability.
        value: For regression: the answer in the target's own unit.
        further: The answers to the further targets, by their names.
    """

    input: str
    label: str | None = None
    confidence: float | None = None
    probabilities: dict[str, float] | None = None
    value: float | None = None
    further: dict[str, Prediction] | None = None

    def to_json(self) -> dict[str, Any]:
        """As the command line's contract words it."""
        body: dict[str, Any] = {"input": self.input, **self.answer()}
        if self.further:
            body["further"] = {name: answer.answer() for name, answer in self.further.items()}
        return body

    def answer(self) -> dict[str, Any]:
        """What is answered to the one target, without the input."""
        if self.label is None:
            return {"value": self.value}
        return {"label": self.label, "confidence": self.confidence, "probabilities": self.probabilities}


class RunPredictor:
    """A run's best model, loaded on first use and asked from any thread.

    It reads the saved best model, never the one in training; where a training under way has saved a better one since,
    the next question goes to that.

    Args:
        folder: The project's folder.
        run: The run's name; None for the newest that left a model.

    Raises:
        ProjectError: There is no such run, or it left no model.
    """

    def __init__(self, folder: Path, run: str | None = None) -> None:
        record = store.chosen_run(folder, run)
        if record.preparation is None:
            raise ProjectError(
                "A run must say how its data were prepared.",
                f"{record.run} does not",
                "Train again, or name another run.",
            )
        self.run = record.run
        self.preparation: Preparation = record.preparation
        self._path = store.best_model(folder, record.run)
        self._lock = threading.Lock()
        self._stamp: tuple[int, int] | None = None
        self._ask: Any = None
        self._model: Any = None

    @property
    def model(self) -> Any:
        """The loaded Keras model."""
        with self._lock:
            self._load()
            return self._model

    def _load(self) -> None:
        try:
            found = self._path.stat()
        except OSError as error:
            raise ProjectError(
                "The run must have left a model.", f"{self._path} is gone", "Train again, or name another run."
            ) from error
        stamp = (found.st_mtime_ns, found.st_size)
        if stamp == self._stamp:
            return
        check_keras_file(self._path)
        import keras
        import tensorflow as tf

        with runtime.build_lock:
            model = keras.saving.load_model(self._path, compile=False, safe_mode=True)
        source = model.inputs[0]
        spec = tf.TensorSpec((None, *source.shape[1:]), source.dtype)
        self._model = model
        self._ask = tf.function(lambda x: model(x, training=False), input_signature=[spec])
        self._stamp = stamp

    def outputs(self, x: Array, progress: Progress | None = None, cancel: CancelToken | None = None) -> Array:
        """The answers to the main target; see `answers`."""
        return self.answers(x, progress, cancel)[0]

    def answers(
        self, x: Array, progress: Progress | None = None, cancel: CancelToken | None = None
    ) -> tuple[Array, ...]:
        """The answers for samples as a dataset's parts hold them.

        Args:
            x: Encoded samples, not yet scaled where they are pictures.
            progress: Told how far it is.
            cancel: Looked at between batches.

        Returns:
            For each target, the main one first: probabilities (samples, classes), or values (samples,) in its own unit.
        """
        work = Work(progress, cancel)
        per_sample = max(1, x[:1].nbytes * (4 if x.dtype == np.uint8 else 1))
        size = max(1, min(_MOST_IN_BATCH, _BATCH_BYTES // per_sample))
        preps = [self.preparation.of(place) for place in range(len(self.preparation.targets))]
        found: list[list[Array]] = [[] for _ in preps]
        with self._lock:
            self._load()
            kind = self._model.inputs[0].dtype
            for start in range(0, len(x), size):
                work.tell(start / len(x), "Asking the model")
                prepared = encode.model_input(self.preparation, x[start : start + size]).astype(kind)
                outputs = self._ask(prepared)
                for place, output in enumerate(outputs if isinstance(outputs, list | tuple) else [outputs]):
                    found[place].append(encode.decode_target(preps[place], output.numpy()))
        return tuple(
            np.concatenate(pieces) if pieces else _none(prep.target) for prep, pieces in zip(preps, found, strict=True)
        )

    def encoded(self, raws: Sequence[RawSample | Path | bytes]) -> Array:
        """Raw samples as a dataset's parts hold them.

        Raises:
            DataError: One of them cannot be used; the message names it.
        """
        prep = self.preparation.input
        if isinstance(prep, ImagePreparation):
            pictures = [
                encode.decode_file(raw, prep)
                if isinstance(raw, Path | bytes)
                else encode.encode_image(prep, np.asarray(raw))
                for raw in raws
            ]
            return np.stack(pictures)
        if isinstance(prep, ArrayPreparation):
            return np.stack([encode.encode_array(prep, np.asarray(raw)) for raw in raws])
        rows: list[Any] = list(raws)
        return encode.encode_rows(prep, rows)

    def predict(self, raws: Sequence[RawSample | Path | bytes | str]) -> list[Prediction]:
        """Answers for raw samples.

        Args:
            raws: Pictures (a file's path or bytes, or an array), rows by column name, arrays; or the path of a CSV,
                .npy or .npz file, which gives an answer for each row or array in it.

        Raises:
            DataError: One of them cannot be used; the message names it.
        """
        samples = read_inputs(self.preparation, raws)
        if not samples:
            return []
        each = self.answers(self.encoded([sample.raw for sample in samples]))
        return [self._answer(sample.name, row) for sample, row in zip(samples, zip(*each, strict=True), strict=True)]

    def _answer(self, name: str, answers: Sequence[Any]) -> Prediction:
        main, *further = (
            _told(name, target, answer) for target, answer in zip(self.preparation.targets, answers, strict=True)
        )
        if not further:
            return main
        named = {target.name: told for target, told in zip(self.preparation.further, further, strict=True)}
        return dataclasses.replace(main, further=named)


def _told(name: str, target: ClassTarget | ValueTarget, answer: Any) -> Prediction:
    if not isinstance(target, ClassTarget):
        return Prediction(name, value=float(answer))
    best = int(np.argmax(answer))
    chances = {label: float(chance) for label, chance in zip(target.classes, answer, strict=True)}
    return Prediction(name, target.classes[best], float(answer[best]), chances)


def _none(target: ClassTarget | ValueTarget) -> Array:
    return np.zeros((0, len(target.classes)) if isinstance(target, ClassTarget) else (0,))
