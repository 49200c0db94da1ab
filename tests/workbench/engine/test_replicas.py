"""A training on two devices at once, in a process whose CPU was divided into two."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from workbench.core.errors import TrainingError
from workbench.engine import runtime

PROGRAM = """
import json, sys
from pathlib import Path
import tensorflow as tf
cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
from workbench.core.control import RunControl
from workbench.engine.trainer import train
from workbench.engine import runtime
from workbench.data.dataset import open_dataset
from workbench.data.spec import DatasetSpec
from workbench.graph import edits
from workbench.project import presets
from workbench.runs import store
import keras, numpy as np

folder, told, answer = Path(sys.argv[1]), [], {}
preset = presets.preset("iris-mlp").project
graph = edits.blank()
for layer, params in (("Dense", {"units": 16, "activation": "relu"}), ("Dense", {"units": 3, "activation": "softmax"})):
    graph, _ = edits.append(graph, layer, params)
spec = DatasetSpec(source="csv", location=sys.argv[2], weight_column="w") if sys.argv[2:] else preset.dataset
preset = preset.model_copy(update={"graph": graph, "dataset": spec, "info": open_dataset(spec).info})
for device in ("cpu", "all"):
    changes = {"epochs": 3, "device": device, "batch_size": 7, "watch": {"samples": 2, "statistics": True}}
    training = preset.training.model_validate({**preset.training.model_dump(), **changes})
    plan = store.new_run(folder, preset.model_copy(update={"training": training}))
    ended = train(folder, plan, told.append, RunControl())
    assert ended.outcome == "done", ended
    model = keras.saving.load_model(store.best_model(folder, plan.run))
    answer[device] = {
        "outcome": ended.outcome, "message": ended.message, "loss": ended.metrics.get("loss"),
        "device": store.load_record(folder, plan.run).device,
        "weights": [np.asarray(weight).tolist() for weight in model.get_weights()],
    }
print(json.dumps(answer))
"""


@pytest.mark.parametrize("weighed", [False, True])
def test_that_two_devices_learn_what_one_learns(tmp_path: Path, weighed: bool) -> None:
    data = tmp_path / "weighed.csv"
    rows = [f"{row * 7 % 11},{row * 5 % 13},{row % 4 / 2},{'abc'[row % 3]}" for row in range(150)]
    data.write_text("\n".join(["a,b,w,kind", *rows]) + "\n")
    words = [sys.executable, "-c", PROGRAM, str(tmp_path / "p"), *([str(data)] if weighed else [])]
    done = subprocess.run(words, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    answer = json.loads(done.stdout.splitlines()[-1])
    assert [answer[device]["outcome"] for device in ("cpu", "all")] == ["done", "done"], answer
    assert answer["all"]["device"].startswith("2 × CPU")
    assert answer["all"]["loss"] == pytest.approx(answer["cpu"]["loss"], rel=0.05)
    for one, two in zip(answer["cpu"]["weights"], answer["all"]["weights"], strict=True):
        for first, second in zip(_flat(one), _flat(two), strict=True):
            assert first == pytest.approx(second, abs=2e-5)


def _flat(values: object) -> list[float]:
    return [number for value in values for number in _flat(value)] if isinstance(values, list) else [float(values)]  # type: ignore[arg-type]


def test_that_all_gpus_need_a_gpu() -> None:
    if runtime.devices()[0].kind == "gpu":
        assert runtime.device_in_use("all").kind == "gpu"
    else:
        with pytest.raises(TrainingError, match="All GPUs can only be used"):
            runtime.device_in_use("all")
