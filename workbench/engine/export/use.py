"""Answers from an export: the model alone, fed raw samples, with only the manifest to say what it takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from workbench.core.errors import DataError, ExportError
from workbench.core.validation import validated
from workbench.data import encode
from workbench.data.spec import (
    ArrayPreparation,
    ClassTarget,
    ImagePreparation,
    Preparation,
    TablePreparation,
    ValueTarget,
)
from workbench.engine import runtime
from workbench.engine.export import calls, manifest
from workbench.engine.export.columns import further_names
from workbench.engine.export.inputs import Sample, read_inputs
from workbench.engine.export.safety import check_keras_file, check_saved_model

_BATCH = 32

Ask = Callable[[str, dict[str, Any]], dict[str, Any]]


def predict_export(out: Path, inputs: Sequence[str]) -> list[dict[str, Any]]:
    """Predict from an export of this program.

    Args:
        out: A SavedModel folder or a .keras file.
        inputs: Picture files, CSV files (a row each), .npy or .npz files, or rows as JSON.

    Returns:
        `{"input", "label", "confidence", "probabilities"}` for each, or `{"input", "value"}`; with the answers to
        further targets in `further`, by their names.

    Raises:
        ExportError: It is no export of ours, or was changed since.
        DataError: An input is of a kind that the model does not take; the message names it.
    """
    out = out.expanduser().absolute()
    prep = _checked(out)
    samples = read_inputs(prep, inputs)
    ask = _saved_model(out) if out.is_dir() else _keras_file(out)
    groups = _groups(prep, samples, decoded=not out.is_dir())
    return [answer for group in groups for answer in _answers(prep, ask, group)]


def _checked(out: Path) -> Preparation:
    if not out.exists():
        raise ExportError("There must be an export to ask.", f"there is no {out}", "Check the path.")
    body = manifest.ours(out)
    if body is None:
        raise ExportError(
            "Only an export of this program is opened: loading any other model can run whatever is in it.",
            f"{out} has no {manifest.path_for(out).name} of ours",
            "Give the folder or .keras file that `workbench export` made, its manifest with it.",
        )
    manifest.check_files(out, body)
    if out.is_dir():
        check_saved_model(out)
    else:
        check_keras_file(out)
    return validated(
        Preparation, body.get("preparation"), f"{manifest.path_for(out)}", ExportError, "Export the model again."
    )


def _saved_model(out: Path) -> Ask:
    import tensorflow as tf

    loaded = tf.saved_model.load(str(out))

    def ask(signature: str, inputs: dict[str, Any]) -> dict[str, Any]:
        tensors = {name: tf.constant(values) for name, values in inputs.items()}
        return {name: answer.numpy() for name, answer in loaded.signatures[signature](**tensors).items()}

    return ask


def _keras_file(out: Path) -> Ask:
    import keras
    import tensorflow as tf

    with runtime.build_lock:
        model = keras.saving.load_model(out, compile=False, safe_mode=True)

    def ask(signature: str, inputs: dict[str, Any]) -> dict[str, Any]:
        tensors = {name: tf.constant(values) for name, values in inputs.items()}
        return {name: np.asarray(answer) for name, answer in model(tensors, training=False).items()}

    return ask


class _Group:
    """Samples that go to the model together."""

    def __init__(self, signature: str, samples: Sequence[Sample], inputs: dict[str, Any]) -> None:
        self.signature = signature
        self.samples = samples
        self.inputs = inputs


def _groups(prep: Preparation, samples: Sequence[Sample], *, decoded: bool) -> list[_Group]:
    """Samples parted into calls.

    Args:
        prep: What the model takes.
        samples: All of them, in order.
        decoded: Whether the model takes columns and pictures as Keras does, not files.
    """
    if isinstance(prep.input, ImagePreparation):
        return [_picture(prep, sample, decoded) for sample in samples]
    groups = []
    for start in range(0, len(samples), _BATCH):
        batch = samples[start : start + _BATCH]
        raws = [sample.raw for sample in batch]
        if isinstance(prep.input, ArrayPreparation):
            inputs = calls.array(prep.input, raws)
        else:
            assert isinstance(prep.input, TablePreparation), "there are three kinds"
            inputs = calls.columns(prep.input, raws)
            inputs = calls.upright(inputs) if decoded else inputs
        groups.append(_Group("serving_default", batch, inputs))
    return groups


def _picture(prep: Preparation, sample: Sample, decoded: bool) -> _Group:
    if isinstance(sample.raw, bytes) and not decoded:
        return _Group("serving_default", [sample], {"image_bytes": [sample.raw]})
    picture = encode.decode_file(sample.raw) if isinstance(sample.raw, bytes) else sample.raw
    signature = "classify_array" if isinstance(prep.target, ClassTarget) else "predict_array"
    return _Group(signature, [sample], {"image": calls.rgb(picture)[None]})


def _answers(prep: Preparation, ask: Ask, group: _Group) -> list[dict[str, Any]]:
    import tensorflow as tf

    try:
        given = ask(group.signature, group.inputs)
    except tf.errors.OpError as error:
        raise DataError(
            "The model could not read an input.",
            f"{group.samples[0].name}: {str(error.message).splitlines()[0]}",
            "Save it anew, as PNG or CSV say.",
        ) from error
    found = [{"input": sample.name, **_answer(prep.target, given, "", row)} for row, sample in enumerate(group.samples)]
    if prep.further:
        names = further_names(prep)
        for row, answer in enumerate(found):
            answer["further"] = {
                target.name: _answer(target, given, f"{names[target.name]}_", row) for target in prep.further
            }
    return found


def _answer(target: ClassTarget | ValueTarget, given: dict[str, Any], before: str, row: int) -> dict[str, Any]:
    """What is answered to one target about one sample."""
    if isinstance(target, ValueTarget):
        return {"value": float(given[f"{before}value"][row])}
    classes, chances = target.classes, given[f"{before}probabilities"][row]
    best = int(np.argmax(chances))
    return {
        "label": classes[best],
        "confidence": float(chances[best]),
        "probabilities": {label: float(chance) for label, chance in zip(classes, chances, strict=True)},
    }
