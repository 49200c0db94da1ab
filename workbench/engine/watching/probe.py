"""A look into a network in training, on a fixed batch: what its layers put out, and the gradients they get.

All of it happens in a stateless scope: what the layers would write (statistics of a batch normalization, the state of a
random generator, a metric) is thrown away, so the training goes on as if nobody had looked.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from workbench.data.spec import DatasetInfo
from workbench.diagnosis.evidence import RECTIFIERS, SQUASHERS, Broken, Facts, InputFacts, LayerFacts, LayerLook, Look
from workbench.engine import runtime
from workbench.engine.feed import Feed
from workbench.engine.layers import keras_names
from workbench.graph.model import Graph

SAMPLES = 128
NUMBERS = 1 << 25
"""How many numbers of all layers' outputs may be held at once; large networks are looked at with fewer samples."""
REMEMBERED = 1 << 21
"""Of at most so many first weights a copy is kept, to tell how far they have moved."""
NORMALISING = ("Embedding", "Normalization", "BatchNormalization", "LayerNormalization", "UnitNormalization")


@dataclasses.dataclass(frozen=True)
class _Watched:
    facts: LayerFacts
    layer: Any
    kernel: Any


class Probe:
    """Looks into a network on the same few training samples.

    Args:
        graph: The drawing.
        facts: What is known of the training.
        info: What the data are.
        twin: The compiled model.
        core: The network whose layers have the drawing's names.
        feed: The training samples.
        main: Of several outputs the one, by name, whose loss and answers are told.
    """

    def __init__(
        self,
        graph: Graph,
        facts: Facts,
        info: DatasetInfo,
        twin: keras.Model,
        core: keras.Model,
        feed: Feed,
        *,
        main: str = "",
    ) -> None:
        self._twin, self._feed, self._info, self._main = twin, feed, info, main
        names = keras_names(graph)
        made = {layer.name: layer for layer in core.layers}
        self._layers = [_watched(layer, made[names[layer.id]]) for layer in facts.layers]
        self._first = self._weights()
        self._normed = any(layer.kind == "BatchNormalization" for layer in facts.layers)
        self._model: Any = None
        self._rows = np.zeros(0, np.int32)

    @property
    def samples(self) -> int:
        """How many samples are looked at."""
        self._choose()
        return len(self._rows)

    def look(self, epoch: int, step: int) -> Look:
        """The network as it is after `step` batches, in epoch `epoch` (from 1)."""
        self._make()
        x, y, weight = self._batch(self._rows)
        with keras.StatelessScope():
            outputs, loss, gradients = self._walk(x, y, weight)
        rows = [
            self._layer(place, output, gradient)
            for place, (output, gradient) in enumerate(zip(outputs[1:], gradients, strict=True))
        ]
        norm = math.sqrt(sum(float(np.square(one.astype(np.float64)).sum()) for one in gradients if one is not None))
        predicted, true = self._answers(self._answer(x, outputs[0]), self._of_main(y))
        return Look(epoch, step, loss, norm, tuple(rows), predicted, true)

    def loss(self, rows: np.ndarray) -> float:
        """The loss on the named rows, as a step of the training would find it."""
        self._make()
        with keras.StatelessScope():
            return self._walk(*self._batch(rows))[1]

    def inputs(self) -> InputFacts | None:
        """What reaches the first layer with weights; None where that brings its inputs into range itself."""
        first = next((one for one in self._layers if one.kernel is not None), None)
        if first is None or first.facts.kind in NORMALISING or not isinstance(first.layer.input, keras.KerasTensor):
            return None
        self._make()
        with runtime.build_lock:
            model = keras.Model(self._twin.inputs, first.layer.input, name="reaching")
        x, _, _ = self._batch(self._rows)
        with keras.StatelessScope():
            values = np.asarray(model(x, training=False), np.float64)
        if not np.isfinite(values).all() or not values.size:
            return None
        low, high = float(values.min()), float(values.max())
        rms = float(np.sqrt(np.square(values).mean()))
        return InputFacts(first.facts.id, rms, float(values.std()), float(values.mean()), low, high)

    def broken(self, rows: np.ndarray) -> Broken | None:
        """Where a batch's numbers stop being finite: in what a layer puts out, in the loss, or in a gradient."""
        self._make()
        x, y, weight = self._batch(rows)
        with keras.StatelessScope():
            outputs, loss, gradients = self._walk(x, y, weight)
        for one, output in zip(self._layers, outputs[1:], strict=True):
            if output is not None and not np.isfinite(output).all():
                return Broken(0, 0, one.facts.name, "activations")
        if not math.isfinite(loss):
            return Broken(0, 0, "", "loss")
        # Gradients come from the end, so the last layer with a broken one is where it began.
        for one, gradient in reversed(list(zip(self._layers, gradients, strict=True))):
            if gradient is not None and not np.isfinite(gradient).all():
                return Broken(0, 0, one.facts.name, "gradients")
        return None

    def broken_weights(self) -> str:
        """The first layer whose weights are not finite, by name; empty where all are."""
        for one in self._layers:
            if any(not np.isfinite(np.asarray(weight)).all() for weight in one.layer.trainable_weights):
                return one.facts.name
        return ""

    def _choose(self) -> None:
        if len(self._rows):
            return
        outputs = [one.layer.output for one in self._layers]
        numbers = sum(math.prod(size or 1 for size in output.shape[1:]) for output in outputs)
        samples = max(4, min(SAMPLES, NUMBERS // max(numbers, 1), self._feed.samples))
        self._rows = np.linspace(0, self._feed.samples - 1, min(samples, self._feed.samples)).round().astype(np.int32)

    def _make(self) -> None:
        if self._model is not None:
            return
        self._choose()
        outputs = [one.layer.output for one in self._layers]
        with runtime.build_lock:
            self._model = keras.Model(self._twin.inputs, [self._twin.output, outputs], name="probe")

    def _batch(self, rows: np.ndarray) -> tuple[Any, Any, Any]:
        unpacked = keras.utils.unpack_x_y_sample_weight(self._feed.batch(*self._feed.stretch(rows)))
        return unpacked[0], unpacked[1], unpacked[2]

    def _walk(self, x: Any, y: Any, weight: Any) -> tuple[list[Any], float, list[Any]]:
        """The answer and every layer's output, the loss, and the gradient of each layer's kernel, as arrays.

        Of several outputs it is the main one's answer and loss; the gradient is of the sum, as it is trained.
        """
        kernels = [one.kernel for one in self._layers if one.kernel is not None and one.kernel.trainable]
        with tf.GradientTape() as tape:
            answers, outputs = self._model(x, training=True)
            loss = self._twin.compute_loss(x, y, answers, weight, training=True)
        taken = dict(zip(map(id, kernels), tape.gradient(loss, kernels), strict=True))
        gradients = [None if one.kernel is None else _array(taken.get(id(one.kernel))) for one in self._layers]
        told = self._twin.loss_of(self._main, y, answers, weight) if self._main else loss
        return [_array(output) for output in (self._of_main(answers), *outputs)], float(told), gradients

    def _of_main(self, values: Any) -> Any:
        """What is the main output's, where there are several."""
        return values[self._main] if self._main else values

    def _weights(self) -> list[np.ndarray | None]:
        kept: list[np.ndarray | None] = []
        room = REMEMBERED
        for one in self._layers:
            size = 0 if one.kernel is None else math.prod(one.kernel.shape)
            kept.append(np.array(one.kernel, np.float32) if one.kernel is not None and size <= room else None)
            room -= size
        return kept

    def _layer(self, place: int, output: Any, gradient: Any) -> LayerLook:
        one, first = self._layers[place], self._first[place]
        weights = None if one.kernel is None else np.asarray(one.kernel, np.float32)
        drift = None
        if weights is not None and first is not None:
            length = float(np.linalg.norm(first))
            drift = float(np.linalg.norm(weights - first)) / length if length else None
        return LayerLook(
            name=one.facts.name,
            weights=_spread(weights),
            gradients=_spread(gradient),
            gradient=None if gradient is None else float(np.sqrt(np.square(gradient.astype(np.float64)).mean())),
            activations=_spread(output),
            dead=_dead(one.facts.activation, output),
            saturated=_saturated(one.facts.activation, output),
            drift=drift,
        )

    def _answer(self, x: Any, learning: Any) -> Any:
        """What the network answers when it does not learn: without dropout.

        Of a young batch normalization's running means nothing is known yet, so there its answer while learning counts.
        """
        if not any(one.facts.kind.endswith("Dropout") for one in self._layers) or self._normed:
            return learning
        with keras.StatelessScope():
            outputs = self._twin(x, training=False)
        return _array(self._of_main(outputs))

    def _answers(self, output: Any, y: Any) -> tuple[tuple[int, ...], tuple[int, ...]]:
        classes = len(self._info.classes)
        if not classes or output is None or output.ndim != 2:
            return (), ()
        single = output.shape[1] == 1
        chosen = (output[:, 0] > 0.5).astype(int) if single else output.argmax(axis=1)
        y = np.asarray(y)
        true = y.reshape(-1).astype(int) if y.ndim == 1 or y.shape[-1] == 1 else y.argmax(axis=-1)
        return _counts(chosen, classes), _counts(true, classes)


def _watched(facts: LayerFacts, layer: Any) -> _Watched:
    weights = [weight for weight in layer.trainable_weights if "float" in str(weight.dtype)]
    kernel = max(weights, key=lambda weight: math.prod(weight.shape), default=None)
    return _Watched(facts, layer, kernel)


def _counts(chosen: Sequence[int] | np.ndarray, classes: int) -> tuple[int, ...]:
    return tuple(int(count) for count in np.bincount(np.asarray(chosen), minlength=classes)[:classes])


def _array(value: Any) -> np.ndarray | None:
    if value is None or not hasattr(value, "dtype"):
        return None
    return np.asarray(tf.convert_to_tensor(value), np.float32)


def _spread(values: np.ndarray | None) -> tuple[float, float] | None:
    return None if values is None or not values.size else (float(values.mean()), float(values.std()))


def _dead(activation: str, output: np.ndarray | None) -> float | None:
    if activation not in RECTIFIERS or output is None or output.ndim < 2:
        return None
    return float((output.reshape(-1, output.shape[-1]).max(axis=0) <= 0).mean())


def _saturated(activation: str, output: np.ndarray | None) -> float | None:
    if activation not in SQUASHERS or output is None or not output.size:
        return None
    low = 0.0 if "sigmoid" in activation else -1.0
    margin = 0.02 * (1 - low)
    return float(((output < low + margin) | (output > 1 - margin)).mean())
