from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading

import pytest

from workbench.core.errors import TrainingError
from workbench.engine import runtime
from workbench.engine.leak import purged_gradients


def test_that_importing_the_engine_writes_nothing() -> None:
    code = "import workbench.engine.runtime as r; r.start(); print(r.device_in_use().id)"
    environment = {key: value for key, value in os.environ.items() if not key.startswith("TF_")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() in ("cpu", "gpu:0")
    assert done.stderr == ""


def test_that_other_words_on_stderr_are_kept(capfd: pytest.CaptureFixture[str]) -> None:
    with runtime._quiet_stderr():
        os.write(2, b"I0000 00:00:1795447449.340660    7972 port.cc:153] oneDNN custom operations are on.\n")
        os.write(2, b"WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\n")
        os.write(2, b"something real\n")
    assert capfd.readouterr().err == "something real\n"


def test_that_starting_from_many_threads_starts_once() -> None:
    threads = [threading.Thread(target=runtime.start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    frozen = gc.get_freeze_count()
    runtime.start()
    assert frozen > 0
    assert gc.get_freeze_count() == frozen


def test_that_the_cpu_is_always_there_and_comes_last() -> None:
    assert runtime.devices()[-1].id == "cpu"
    assert runtime.device_in_use("cpu").tensorflow_name == "/CPU:0"
    assert runtime.device_in_use() == runtime.devices()[0]


def test_that_a_device_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(TrainingError, match=r"gpu:9; there are: .*cpu"):
        runtime.device_in_use("gpu:9")


def test_that_a_trainings_gradient_functions_are_forgotten_when_the_last_one_ends() -> None:
    from tensorflow.python.framework import ops

    registry = ops._gradient_registry._registry
    before = set(registry)
    with purged_gradients():
        with purged_gradients():
            ops.RegisterGradient("CustomGradient-test-inner")(lambda *_: None)
        assert "CustomGradient-test-inner" in registry
        ops.RegisterGradient("CustomGradient-test-outer")(lambda *_: None)
    assert set(registry) == before


def test_that_other_threads_go_on_while_tensorflow_is_imported() -> None:
    code = """
import gc, threading, time
full = []
gc.callbacks.append(lambda phase, info: full.append(phase) if info["generation"] == 2 else None)
turns, over = [], threading.Event()

def turn():
    while not over.is_set():
        turns.append(time.thread_time())
        time.sleep(0.005)

thread = threading.Thread(target=turn)
thread.start()
import workbench.engine.runtime
over.set()
thread.join()
print(len(turns), len(full), gc.get_freeze_count() > 100_000)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    turns, full, frozen = done.stdout.split()
    assert int(turns) > 50
    assert (full, frozen) == ("0", "True"), "no walk over all objects, then or later"
