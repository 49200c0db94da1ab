from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbench.runs import isolated, process, store

Workbench = Callable[..., Any]
PREFIX = [sys.executable, "-m", "workbench"]


def test_that_an_isolated_training_tells_what_a_training_tells(tmp_path: Path, workbench: Workbench) -> None:
    folder = tmp_path / "p"
    workbench("new", folder, "--data", "iris")
    answer = workbench("train", folder, "--isolated", "--set", "training.epochs=2", "--json")
    assert answer.status == 0, answer
    kinds = [line["event"] for line in answer.lines if line["event"] != "notice"]
    assert (kinds[0], kinds[-1], kinds.count("epoch")) == ("run_started", "run_ended", 2)
    assert workbench("runs", folder, "--json").value[0]["outcome"] == "done"
    assert not isolated._children
    nothing = workbench("attach", folder, "--json")
    assert nothing.status == 1
    assert "at work: none" in nothing.value["error"]["received"]


def test_that_a_run_is_found_again_and_stopped_after_its_command_was_killed(
    tmp_path: Path, workbench: Workbench
) -> None:
    folder = tmp_path / "p"
    workbench("new", folder, "--data", "iris")
    words = ["train", str(folder), "--isolated", "--set", "training.epochs=100000", "--json"]
    words += ["--set", "training.early_stopping.enabled=false"]
    with subprocess.Popen([*PREFIX, *words], stdout=subprocess.PIPE) as command:
        assert command.stdout is not None
        for line in command.stdout:
            if json.loads(line)["event"] == "epoch":
                break
        command.kill()
    owner = process.owner_of(store.run_folder(folder, "run-001"))
    assert owner is not None
    assert owner.alive
    try:
        assert workbench("stop", folder, "--json").value == {"run": "run-001", "asked": "stop"}
        told = workbench("attach", folder, "run-001", "--json")
        assert told.lines[-1]["outcome"] == "stopped"
        assert next(line["epoch"] for line in told.lines if line["event"] == "epoch") == 1
    finally:
        if owner.alive:
            os.kill(owner.pid, 9)


@pytest.mark.parametrize("command", ["attach", "stop"])
def test_that_a_run_that_is_not_at_work_is_told(tmp_path: Path, workbench: Workbench, command: str) -> None:
    workbench("new", tmp_path / "p")
    assert workbench(command, tmp_path / "p", "run-007", "--json").status == 1
