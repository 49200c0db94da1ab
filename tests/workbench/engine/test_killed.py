"""A training that is really killed, in a process of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.workbench.engine.test_resume import same_end
from workbench.core.control import RunControl
from workbench.core.events import RunStarted
from workbench.project.model import Project
from workbench.project.training import TrainingSettings
from workbench.runs import checkpoints, store

PATIENCE_S = 60.0
VICTIM = """
import sys
from pathlib import Path
from workbench.core.control import RunControl
from workbench.engine.checkpoint import keeper
from workbench.engine.trainer import train
from workbench.runs import store

keeper.SHARE = 1e9
folder = Path(sys.argv[1])
train(folder, store.load_plan(folder, "run-001"), lambda event: None, RunControl())
"""


def test_that_a_training_killed_by_the_system_goes_on_to_the_same_end(bench: Any, tmp_path: Path) -> None:
    from workbench.engine.trainer import train

    digits = bench.builtin("digits")
    training = TrainingSettings(epochs=40, batch_size=16, seed=3)
    project = Project(graph=bench.classifier(), dataset=digits.spec, info=digits.info, training=training)
    killed, whole = tmp_path / "killed", tmp_path / "whole"
    plan = store.new_run(killed, project)
    victim = subprocess.Popen([sys.executable, "-c", VICTIM, str(killed)], stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + PATIENCE_S
        while len(checkpoints.epochs(killed, plan.run)) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
    finally:
        os.kill(victim.pid, signal.SIGKILL)
        victim.wait()
    assert store.load_record(killed, plan.run).outcome == "interrupted"
    told = bench.Told()
    train(killed, plan, told, RunControl(), digits, resume=True)
    begun = next(event for event in told if isinstance(event, RunStarted))
    assert begun.resumed_epochs > 0
    train(whole, store.new_run(whole, project), lambda event: None, RunControl(), digits)
    same_end(killed, whole)


def test_that_two_processes_never_go_on_with_one_run_at_once(bench: Any, tmp_path: Path) -> None:
    from workbench.engine.trainer import train

    digits = bench.builtin("digits")
    training = TrainingSettings(epochs=100_000, early_stopping={"enabled": False})
    project = Project(graph=bench.classifier(), dataset=digits.spec, info=digits.info, training=training)
    plan = store.new_run(tmp_path, project)
    first = subprocess.Popen([sys.executable, "-c", VICTIM, str(tmp_path)], stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + PATIENCE_S
        while not checkpoints.any_kept(tmp_path, plan.run) and time.monotonic() < deadline:
            time.sleep(0.01)
        told = bench.Told()
        ended = train(tmp_path, plan, told, RunControl(), digits, resume=True)
        assert told == [ended]
        assert ended.outcome == "failed"
        assert ended.message == (
            f"A run is carried out once at a time. Received: {plan.run} is at work in process {first.pid}."
        )
        assert first.poll() is None
        assert store.load_record(tmp_path, plan.run).outcome == "running", "the other's record is as it was"
    finally:
        first.kill()
        first.wait()
