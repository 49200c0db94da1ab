"""The main job by command line, each command in a fresh process, from a folder that is not ours."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

PLAIN = """
import json, sys
import tensorflow as tf
model = tf.saved_model.load(sys.argv[1])
answer = model.signatures["serving_default"](image_bytes=tf.constant([open(sys.argv[2], "rb").read()]))
label, probabilities = answer["label"].numpy()[0].decode(), answer["probabilities"].numpy()[0].tolist()
print(json.dumps({"label": label, "probabilities": probabilities}))
"""


def run(folder: Path, *words: object, python: str | None = None) -> Any:
    """Run a command in a fresh process in `folder`; its JSON value, or the list of its lines."""
    start = [sys.executable, "-c", python] if python else [sys.executable, "-m", "workbench"]
    done = subprocess.run(
        [*start, *map(str, words)],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith(("{", "["))]
    return lines if len(lines) > 1 else lines[0] if lines else None


@pytest.fixture(scope="module")
def digit(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """A handwritten digit as a PNG file, and what it is."""
    from sklearn.datasets import load_digits

    digits = load_digits()
    path = tmp_path_factory.mktemp("pictures") / "digit.png"
    Image.fromarray(np.rint(digits.images[42] * 255 / 16).astype(np.uint8)).save(path)
    return path, int(digits.target[42])


@pytest.mark.timeout(600)
def test_that_digits_go_from_preset_to_the_same_answer_outside(tmp_path: Path, digit: tuple[Path, int]) -> None:
    picture, truth = digit
    run(tmp_path, "new", "p", "--preset", "digits-cnn")
    events = run(tmp_path, "train", "p", "--set", "training.epochs=12", "--json")
    assert events[-1]["outcome"] == "done"
    evaluated = run(tmp_path, "evaluate", "p", "--json")
    assert evaluated["metrics"]["accuracy"] >= 0.95
    certificate = run(tmp_path, "export", "p", "--format", "saved_model", "--out", "m", "--json")
    assert certificate["verified"] is True
    assert certificate["label_agreement"] == 1.0
    assert certificate["max_abs_diff"] <= 1e-4
    answer = run(tmp_path, "predict", "m", picture, "--json")
    plain = run(tmp_path, tmp_path / "m", picture, python=PLAIN)
    assert answer[0]["label"] == plain["label"] == str(truth)
    np.testing.assert_allclose(list(answer[0]["probabilities"].values()), plain["probabilities"], atol=1e-5)
