"""What an export must answer: inputs of its signatures beside the app's own answers, in one .npz without pickle."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from workbench.catalog.formats import Format
from workbench.data import encode
from workbench.data.spec import ArrayPreparation, ClassTarget, ImagePreparation, Preparation, TablePreparation
from workbench.data.work import Array
from workbench.engine.export import calls, samples
from workbench.engine.export.columns import further_names
from workbench.engine.predict import Prediction, RunPredictor

TOLERANCE = 1e-4
FEW = 16
_FEW_BYTES = 4 * 2**20


@dataclasses.dataclass
class Group:
    """Samples that one signature is asked about, in batches and one by one.

    Args:
        signature: Its name.
        inputs: Input name to arrays, or to lists of file bytes.
        answers: What the app says, a row each.
    """

    signature: str
    inputs: dict[str, Any]
    answers: Sequence[Prediction]

    def few(self) -> Group:
        """The first rows, as many as may travel with the export."""
        rows = min(FEW, len(self.answers))
        while rows > 1 and sum(_size(values[:rows]) for values in self.inputs.values()) > _FEW_BYTES:
            rows -= 1
        return Group(self.signature, {name: values[:rows] for name, values in self.inputs.items()}, self.answers[:rows])


def _size(values: Any) -> int:
    return sum(map(len, values)) if isinstance(values, list) else int(values.nbytes)


@dataclasses.dataclass
class Check:
    """All groups, and what is allowed of them.

    Args:
        groups: What is asked.
        classes: The main target's classes.
        tolerance: The largest difference that is allowed of the main target's answers.
        samples: How many are asked about.
        further: The further targets, in their order: what their answers' names begin with, their classes, and the
            largest difference that is allowed.
    """

    groups: list[Group]
    classes: tuple[str, ...]
    tolerance: float
    samples: int
    further: dict[str, tuple[str, tuple[str, ...], float]] = dataclasses.field(default_factory=dict)

    def save(self, path: Path) -> None:
        """Write it for `standalone` to read."""
        stored: dict[str, Array] = {}
        plan: dict[str, Any] = {
            "classes": list(self.classes),
            "tolerance": self.tolerance,
            "samples": self.samples,
            "groups": [],
        }
        if self.further:
            plan["further"] = [
                {"target": target, "before": before, "classes": list(classes), "tolerance": allowed}
                for target, (before, classes, allowed) in self.further.items()
            ]
        for place, group in enumerate(self.groups):
            key = f"g{place}"
            for name, values in group.inputs.items():
                _store(stored, f"{key}.{name}", values)
            expected = _expected(group.answers, bool(self.classes))
            for target, (before, classes, _) in self.further.items():
                answers = [(answer.further or {})[target] for answer in group.answers]
                expected |= {f"{before}{name}": found for name, found in _expected(answers, bool(classes)).items()}
            stored |= {f"{key}.expected.{name}": values for name, values in expected.items()}
            plan["groups"].append(
                {
                    "key": key,
                    "signature": group.signature,
                    "inputs": list(group.inputs),
                    "expected": list(expected),
                    "rows": len(group.answers),
                }
            )
        with path.open("wb") as file:
            np.savez_compressed(file, plan=np.array(json.dumps(plan)), **stored)  # type: ignore[arg-type]

    def save_few(self, path: Path) -> int:
        """Write a few samples of the first group for the export to carry; returns how many."""
        few = self.groups[0].few()
        dataclasses.replace(self, groups=[few], samples=len(few.answers)).save(path)
        return len(few.answers)


def _store(stored: dict[str, Array], key: str, values: Any) -> None:
    if isinstance(values, list):
        # numpy's own byte strings lose zeros at their end.
        stored[key] = np.frombuffer(b"".join(values), np.uint8)
        stored[f"{key}.sizes"] = np.array([len(value) for value in values], np.int64)
    else:
        stored[key] = values


def _expected(answers: Sequence[Prediction], named: bool) -> dict[str, Array]:
    if not named:
        return {"value": np.array([answer.value for answer in answers], np.float64)}
    return {
        "label": np.array([answer.label for answer in answers], dtype=str),
        "probabilities": np.array([list((answer.probabilities or {}).values()) for answer in answers], np.float64),
    }


def expected(predictor: RunPredictor, raws: Sequence[Any], format_: Format) -> Check:
    """The app's answers for raw samples, beside the inputs that an export takes for them.

    Args:
        predictor: The app's own model.
        raws: File bytes, rows, or arrays.
        format_: What the export is.
    """
    prep = predictor.preparation
    answers = predictor.predict(raws)
    as_file = format_ == "keras"
    if isinstance(prep.input, ImagePreparation):
        groups = _pictures(prep, raws, answers, as_file)
    elif isinstance(prep.input, TablePreparation):
        inputs = calls.columns(prep.input, raws)
        groups = [Group("serving_default", calls.upright(inputs) if as_file else inputs, answers)]
    else:
        assert isinstance(prep.input, ArrayPreparation), "there are three kinds"
        groups = [Group("serving_default", calls.array(prep.input, raws), answers)]
    further = {}
    for place, (target, before) in enumerate(further_names(prep).items(), start=1):
        own = prep.of(place)
        told = [(answer.further or {})[target] for answer in answers]
        further[target] = (f"{before}_", _classes(own), tolerance(own, told))
    return Check(groups, _classes(prep), tolerance(prep, answers), len(answers), further)


def _classes(prep: Preparation) -> tuple[str, ...]:
    return prep.target.classes if isinstance(prep.target, ClassTarget) else ()


def _pictures(prep: Preparation, raws: Sequence[bytes], answers: Sequence[Prediction], as_file: bool) -> list[Group]:
    signature = "classify_array" if isinstance(prep.target, ClassTarget) else "predict_array"
    pictures = [calls.rgb(encode.decode_file(raw)) for raw in raws]
    pictures = pictures[: samples.within_budget(pictures)]
    by_size: dict[tuple[int, ...], list[int]] = {}
    for place, picture in enumerate(pictures):
        by_size.setdefault(picture.shape, []).append(place)
    groups = [
        Group(
            signature, {"image": np.stack([pictures[place] for place in places])}, [answers[place] for place in places]
        )
        for places in by_size.values()
    ]
    return groups if as_file else [Group("serving_default", {"image_bytes": list(raws)}, answers), *groups]


def tolerance(prep: Preparation, answers: Sequence[Prediction]) -> float:
    """The largest difference allowed: 1e-4 of a probability, or of the target's standard deviation.

    A value carries 24 bits, so to large values what those cannot hold is granted on top.
    """
    if isinstance(prep.target, ClassTarget):
        return TOLERANCE
    largest = max((abs(answer.value) for answer in answers if answer.value is not None), default=0.0)
    return float(TOLERANCE * prep.target.std + largest * np.finfo(np.float32).eps)
