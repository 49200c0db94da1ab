"""A training on two devices that is killed and goes on, in processes whose CPU was divided into two."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np

from workbench.project.model import Project
from workbench.runs import checkpoints, store

PROGRAM = """
import os, sys
from pathlib import Path
import tensorflow as tf
cpu = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
from workbench.core.control import RunControl
from workbench.core.events import BatchEnded, EpochEnded
from workbench.engine import loop
from workbench.engine.checkpoint import keeper
from workbench.engine.trainer import train
from workbench.runs import store

folder, run, do = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
loop.STRETCH_S = 0.0  # one batch a call, so that a kill meets the middle of an epoch
keeper.SHARE = 1e9
epochs = []

def emit(event):
    if isinstance(event, EpochEnded):
        epochs.append(event.epoch)
    if do == "die" and isinstance(event, BatchEnded) and epochs == [1, 2]:
        os.kill(os.getpid(), 9)

ended = train(folder, store.load_plan(folder, run), emit, RunControl(), resume=do == "resume")
assert ended.outcome == "done", ended
print(store.load_record(folder, run).device)
"""


def carry_out(folder: Path, run: str, do: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-c", PROGRAM, str(folder), run, do]
    return subprocess.run(words, capture_output=True, text=True, timeout=200, check=False)


def curve(folder: Path, run: str) -> str:
    told = [event for event in store.load_events(folder, run) if event.event == "epoch"]
    return json.dumps([(event.epoch, dict(event.metrics)) for event in told])  # type: ignore[attr-defined]


def test_that_a_run_on_two_devices_is_killed_and_goes_on_to_the_very_same_end(tmp_path: Path, bench: object) -> None:
    made = bench.stack(  # type: ignore[attr-defined]
        ("Dense", {"units": 8, "activation": "relu"}),
        ("Dropout", {"rate": 0.3}),
        ("Dense", {"units": 3, "activation": "softmax"}),
    )
    iris = bench.builtin("iris")  # type: ignore[attr-defined]
    project = Project(graph=made, dataset=iris.spec, info=iris.info)
    changes = {"epochs": 4, "device": "all", "batch_size": 7, "early_stopping": {"enabled": False}}
    training = project.training.model_validate({**project.training.model_dump(), **changes})
    plan = project.model_copy(update={"training": training})
    whole, broken = (store.new_run(tmp_path, plan).run for _ in range(2))
    unbroken = carry_out(tmp_path, whole, "train")
    assert unbroken.stdout.startswith("2 × CPU"), unbroken.stderr[-3000:]
    killed = carry_out(tmp_path, broken, "die")
    assert killed.returncode == -signal.SIGKILL, killed.stderr[-3000:]
    left = checkpoints.newest(tmp_path, broken)
    assert left is not None
    assert left.epoch == 2
    resumed = carry_out(tmp_path, broken, "resume")
    assert resumed.returncode == 0, resumed.stderr[-3000:]
    assert curve(tmp_path, broken) == curve(tmp_path, whole)
    ends = [checkpoints.newest(tmp_path, run) for run in (whole, broken)]
    assert ends[0] is not None
    assert ends[1] is not None
    assert ends[0].arrays.keys() == ends[1].arrays.keys()
    for name, array in ends[0].arrays.items():
        np.testing.assert_array_equal(array, ends[1].arrays[name], err_msg=name)
