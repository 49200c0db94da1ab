"""Checks an exported model against answers that the app gave, with nothing but numpy and TensorFlow or Keras.

    python verify.py                               the model beside this file, on the samples in golden.npz
    python verify.py --model M --samples S.npz     another model or other samples
    python verify.py --json                        the result as one JSON object

It needs none of the program that made the export: a copy of it travels with each SavedModel. It runs on the CPU, as a
GPU rounds more coarsely. The exit status is 0 when every answer agrees.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np

BATCH = 32
SINGLES = 8


def main() -> int:
    """Run the comparison that the command line asks for."""
    here = Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description="Compare an exported model with the answers it must give.")
    parser.add_argument("--model", type=Path, default=here, help="a SavedModel folder or a .keras file")
    parser.add_argument("--samples", type=Path, default=here / "golden.npz", help="samples and expected answers")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    chosen = parser.parse_args()
    os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    result = compare(chosen.model, chosen.samples)
    if chosen.json:
        print(json.dumps(result, allow_nan=False))
    else:
        print(
            f"{'Agrees' if result['agrees'] else 'DIFFERS'}: {result['samples']} samples, "
            f"largest difference {result['max_abs_diff']:.3g} (allowed {result['tolerance']:.3g}), "
            f"labels agree on {result['label_agreement']:.1%}"
        )
    return 0 if result["agrees"] else 1


def compare(model: Path, samples: Path) -> dict[str, Any]:
    """Ask the model for every sample, in batches and one by one, and compare with what is expected."""
    with np.load(samples, allow_pickle=False) as file:
        stored = dict(file.items())
    plan = json.loads(str(stored["plan"]))
    # Of a further target every name has the target's own before it.
    targets = [{"before": "", "classes": plan["classes"], "tolerance": plan["tolerance"]}, *plan.get("further", [])]
    classes = {f"{target['before']}classes": target["classes"] for target in targets if target["classes"]}
    loaded = SavedModel(model) if model.is_dir() else KerasFile(model, classes)
    largest = dict.fromkeys((target["before"] for target in targets), 0.0)
    labels, agreeing = 0, 0
    for group in plan["groups"]:
        expected = {name: stored[f"{group['key']}.expected.{name}"] for name in group["expected"]}
        for rows in batches(group["rows"]):
            inputs = {name: taken(stored, f"{group['key']}.{name}", rows) for name in group["inputs"]}
            given = loaded.ask(group["signature"], inputs)
            for name, answers in expected.items():
                if name.endswith("label"):
                    labels += len(answers[rows])
                    agreeing += int((given[name] == answers[rows]).sum())
                else:
                    before = name.removesuffix("probabilities").removesuffix("value")
                    largest[before] = max(largest[before], difference(given[name], answers[rows]))
    agreement = agreeing / labels if labels else 1.0
    if loaded.classes() != classes:
        agreement = 0.0
    near = all(largest[target["before"]] <= target["tolerance"] for target in targets)
    result = {
        "agrees": bool(near and agreement == 1.0),
        "max_abs_diff": finite(largest[""]),
        "tolerance": plan["tolerance"],
        "label_agreement": agreement,
        "samples": plan["samples"],
        "batches": [1, BATCH],
        "signatures": loaded.signatures(),
        "modules": sorted(name for name in ("keras", "tensorflow", "workbench") if name in sys.modules),
    }
    if targets[1:]:
        result["further"] = {
            target["target"]: {"max_abs_diff": finite(largest[target["before"]]), "tolerance": target["tolerance"]}
            for target in targets[1:]
        }
    return result


def finite(value: float) -> float | None:
    """A number as JSON can hold it."""
    return value if np.isfinite(value) else None


def batches(rows: int) -> list[slice]:
    """All rows in batches, then the first few one by one."""
    whole = [slice(start, min(start + BATCH, rows)) for start in range(0, rows, BATCH)]
    return whole + [slice(row, row + 1) for row in range(min(SINGLES, rows))]


def taken(stored: dict[str, Any], key: str, rows: slice) -> Any:
    """The chosen rows of one input; byte strings lie end to end, with their lengths apart."""
    sizes = stored.get(f"{key}.sizes")
    if sizes is None:
        return stored[key][rows]
    ends = np.cumsum(sizes)
    return [stored[key][end - size : end].tobytes() for end, size in zip(ends[rows], sizes[rows], strict=True)]


def difference(given: Any, expected: Any) -> float:
    """The largest distance; a shape that differs or a NaN is an infinite one."""
    if given.shape != expected.shape:
        return float("inf")
    largest = float(np.max(np.abs(given.astype(np.float64) - expected), initial=0.0))
    return largest if np.isfinite(largest) else float("inf")


def texts(values: Any) -> Any:
    """TensorFlow's byte strings as texts."""
    return np.array([value.decode("utf-8") for value in values], dtype=str)


def described(spec: Any) -> dict[str, Any]:
    """A tensor's type and shape."""
    kind = spec.dtype if isinstance(spec.dtype, str) else spec.dtype.name
    return {"dtype": kind, "shape": [None if size is None else int(size) for size in spec.shape]}


class SavedModel:
    """A SavedModel, loaded and called by plain TensorFlow."""

    def __init__(self, path: Path) -> None:
        import tensorflow as tf

        self._constant = tf.constant
        self._loaded = tf.saved_model.load(str(path))

    def ask(self, signature: str, inputs: dict[str, Any]) -> dict[str, Any]:
        """The answers of one signature."""
        tensors = {name: self._constant(values) for name, values in inputs.items()}
        answers = {name: value.numpy() for name, value in self._loaded.signatures[signature](**tensors).items()}
        return {name: texts(value) if name.endswith("label") else value for name, value in answers.items()}

    def classes(self) -> dict[str, list[str]]:
        """The class names inside; none for regression."""
        if "classes" not in self._loaded.signatures:
            return {}
        found = self._loaded.signatures["classes"]()
        return {name: texts(value.numpy()).tolist() for name, value in found.items()}

    def signatures(self) -> dict[str, Any]:
        """What each signature takes and gives."""
        return {
            name: {
                "inputs": {key: described(spec) for key, spec in function.structured_input_signature[1].items()},
                "outputs": {key: described(spec) for key, spec in function.structured_outputs.items()},
            }
            for name, function in self._loaded.signatures.items()
        }


class KerasFile:
    """A .keras file, loaded by plain Keras with its safe mode on."""

    def __init__(self, path: Path, classes: dict[str, list[str]]) -> None:
        import keras
        import tensorflow as tf

        self._constant = tf.constant
        self._model = keras.saving.load_model(path, compile=False, safe_mode=True)
        self._classes = classes

    def ask(self, signature: str, inputs: dict[str, Any]) -> dict[str, Any]:
        """The answers; the file holds no class names, so the place of the largest probability tells the label."""
        tensors = {name: self._constant(values) for name, values in inputs.items()}
        answers = {name: np.asarray(value) for name, value in self._model(tensors, training=False).items()}
        for name, classes in self._classes.items():
            before = name.removesuffix("classes")
            answers[f"{before}label"] = np.array(classes, dtype=str)[answers[f"{before}probabilities"].argmax(axis=1)]
        return answers

    def classes(self) -> dict[str, list[str]]:
        """The class names, as they stand beside the file."""
        return self._classes

    def signatures(self) -> dict[str, Any]:
        """What the model takes and gives."""
        return {
            "call": {
                "inputs": {name: described(tensor) for name, tensor in self._model.input.items()},
                "outputs": {name: described(tensor) for name, tensor in self._model.output.items()},
            }
        }


if __name__ == "__main__":
    sys.exit(main())
