"""Real spare processes: what they are, what they are given, and when they end."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from workbench.core import events
from workbench.project import presets
from workbench.runs import checkpoints, isolated, process, spare, store

PATIENCE_S = 60.0
LONG = {"epochs": 100_000, "early_stopping": {"enabled": False}}


def new_run(folder: Path, **settings: Any) -> str:
    project = presets.preset("digits-mlp").project
    training = project.training.model_validate({**project.training.model_dump(), **settings})
    return store.new_run(folder, project.model_copy(update={"training": training})).run


def wait_for(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not what():
        assert time.monotonic() < deadline, "in time"
        time.sleep(0.02)


def kept() -> spare.Spare:
    found = spare.kept()
    assert found is not None
    return found


def warmed() -> spare.Spare:
    spare.keep(lambda: True)
    wait_for(lambda: kept().warm)
    return kept()


def pid_of(folder: Path, run: str) -> int:
    owner = process.owner_of(store.run_folder(folder, run))
    assert owner is not None
    return owner.pid


@pytest.fixture(autouse=True)
def none_left() -> Iterator[None]:
    yield
    spare.drop()
    for child in isolated._children.values():
        child.kill()
        child.wait(10)
    isolated._children.clear()


def surroundings(pid: int, run: str) -> dict[str, Any]:
    """What a process has around it, as the system tells it."""
    found = psutil.Process(pid)
    place = Path(f"/proc/{pid}")
    status = dict(line.split(":\t", 1) for line in (place / "status").read_text().splitlines() if ":\t" in line)
    return {
        "environment": found.environ(),
        "folder": found.cwd(),
        "niceness": found.nice(),
        "leads its session": os.getsid(pid) == pid,
        "signals": [status[name] for name in ("SigBlk", "SigIgn", "SigCgt")],
        "limits": (place / "limits").read_text(),
        "standard files": [str((place / "fd" / str(number)).readlink()).replace(run, "RUN") for number in range(3)],
    }


def carried_out(folder: Path, run: str) -> tuple[dict[str, Any], list[dict[str, float]], dict[str, str]]:
    """Start a run and follow it to its end: its process's surroundings, its curve, and the bits of its network."""
    around: dict[str, Any] = {}
    curve = []

    def emit(event: events.Event) -> None:
        if isinstance(event, events.RunStarted):
            around.update(surroundings(pid_of(folder, run), run))
        if isinstance(event, events.EpochEnded):
            curve.append(dict(event.metrics))

    isolated.start(folder, run)
    ended = isolated.follow(folder, run, emit, threading.Event())
    assert ended is not None
    assert ended.outcome == "done", ended
    state = checkpoints.newest(folder, run)
    assert state is not None
    bits = {name: hashlib.sha256(array.tobytes()).hexdigest() for name, array in state.arrays.items()}
    return around, curve, bits


@pytest.mark.skipif(sys.platform != "linux", reason="surroundings are read from /proc")
def test_that_a_spare_process_is_what_a_fresh_one_is_and_gives_the_same_bits(tmp_path: Path) -> None:
    fresh = carried_out(tmp_path, new_run(tmp_path, epochs=2))
    waiting = warmed()
    run = new_run(tmp_path, epochs=2)
    given = carried_out(tmp_path, run)
    assert given == fresh, "surroundings, curve, and all that the run would go on from"
    assert waiting.process.returncode == 0, "it was the spare one that carried it out"
    assert spare.kept() is None, "it is used once"
    assert (store.run_folder(tmp_path, run) / isolated.LOG_FILE).exists()


def test_that_waiting_computes_nothing_so_that_no_device_is_taken_yet() -> None:
    program = """
from workbench.engine import runtime, trainer
runtime.start()
from tensorflow.python.eager import context
import random, numpy
assert not context.context()._initialized
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=PATIENCE_S)


def test_that_a_run_outlives_who_kept_its_process(tmp_path: Path) -> None:
    run = new_run(tmp_path, **LONG)
    process.release(store.run_folder(tmp_path, run))
    program = f"""
import os
from pathlib import Path
from workbench.runs import isolated, spare
spare.keep(lambda: True)
pid = spare.kept().process.pid
isolated.start(Path({str(tmp_path)!r}), {run!r})
print(pid, flush=True)
os.kill(os.getpid(), 9)
"""
    done = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, timeout=PATIENCE_S, check=False)
    pid = int(done.stdout)
    assert pid_of(tmp_path, run) == pid, "an order is taken while it still imports too"
    leave, told = threading.Event(), []

    def emit(event: events.Event) -> None:
        told.append(event)
        if isinstance(event, events.EpochEnded):
            isolated.RemoteControl(store.run_folder(tmp_path, run)).stop()

    ended = isolated.follow(tmp_path, run, emit, leave)
    assert ended is not None
    assert ended.outcome == "stopped"


@pytest.mark.parametrize("warm", [False, True])
def test_that_a_process_without_an_order_ends_when_who_keeps_it_is_killed(warm: bool) -> None:
    program = f"""
import time
from workbench.runs import spare
spare.keep(lambda: True)
while {warm} and not spare.kept().warm:
    time.sleep(0.02)
print(spare.kept().process.pid, flush=True)
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as keeper:
        assert keeper.stdout is not None
        pid = int(keeper.stdout.readline())
        assert psutil.pid_exists(pid)
        keeper.send_signal(signal.SIGKILL)
    wait_for(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)


def test_that_one_is_kept_while_it_is_wanted_and_replaced_when_it_is_gone() -> None:
    spare.keep(lambda: True)
    first = kept()
    spare.keep(lambda: True)
    assert kept() is first
    first.process.kill()
    first.process.wait(10)
    spare.keep(lambda: True)
    second = kept()
    assert second.process.pid != first.process.pid
    spare.drop()
    assert spare.kept() is None
    assert second.process.returncode is not None, "ended and buried"


def test_that_one_begun_in_other_surroundings_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spare.keep(lambda: True)
    first = kept()
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "1")
    assert not first.fit
    assert spare.given(tmp_path, "run-001", resume=False) is None
    assert first.process.returncode is not None
    spare.keep(lambda: True)
    assert kept().fit
    monkeypatch.chdir(tmp_path)
    assert not kept().fit


def test_that_an_engine_that_cannot_be_imported_is_told_in_the_run_s_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "keras.py").write_text("raise ImportError('this Keras is broken')\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    run = new_run(tmp_path / "p")
    spare.keep(lambda: True)
    isolated.start(tmp_path / "p", run)
    told: list[events.Event] = []
    ended = isolated.follow(tmp_path / "p", run, told.append, threading.Event())
    assert ended is not None
    assert (ended.outcome, "this Keras is broken" in ended.message) == ("failed", True), ended
