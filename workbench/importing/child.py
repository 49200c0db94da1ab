"""A process with little memory, little time and nothing of the user's surroundings, for work on a stranger's file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import workbench
from workbench.core.cancel import CancelToken
from workbench.core.errors import FileError

_LOOK_S = 0.05
_TAIL = 2000
# Exit statuses by number, as not every system has a name for each: SIGXCPU and SIGKILL, SIGABRT and SIGSEGV.
_OUT_OF_TIME, _BROKEN = (-24, -9), (-6, -11)
_KEPT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "LD_LIBRARY_PATH")


def ask(
    arguments: Sequence[str], *, memory: int, seconds: int, name: str, cancel: CancelToken | None = None
) -> dict[str, Any]:
    """Start Python with `arguments` and return the JSON object that it prints last.

    Args:
        arguments: What follows the interpreter.
        memory: The most address space that it may take, in bytes.
        seconds: The most processor time; the clock gives it four times as long.
        name: What the file is called, for the error.
        cancel: Ends the process at once.

    Raises:
        FileError: It ended without an answer, in too much memory or time.
        Cancelled: The user asked for the end.
    """
    with (
        tempfile.TemporaryDirectory(prefix="workbench-import-") as home,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
    ):
        process = subprocess.Popen(
            [sys.executable, *_limited(memory, seconds), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            env=_environment(home),
            cwd=home,
        )
        try:
            _wait(process, time.monotonic() + 4 * seconds, cancel)
        finally:
            process.kill()
            process.wait()
        out.seek(0)
        err.seek(0)
        answer = _last(out.read())
        if answer is None:
            raise _failed(name, process.returncode, err.read().decode("utf-8", "replace")[-_TAIL:])
        return answer


def _limited(memory: int, seconds: int) -> list[str]:
    """Python's own way to limit itself before it runs a module, as a program of its own: `-c PROGRAM MODULE...`."""
    program = (
        "import sys\n"
        "try:\n"
        "    import resource\n"
        f"    resource.setrlimit(resource.RLIMIT_AS, ({memory}, {memory}))\n"
        f"    resource.setrlimit(resource.RLIMIT_CPU, ({seconds}, {seconds + 5}))\n"
        "    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))\n"
        "except ImportError:\n"
        "    pass\n"
        "import runpy\n"
        "sys.argv = sys.argv[1:]\n"
        "runpy.run_module(sys.argv[0], run_name='__main__', alter_sys=True)\n"
    )
    return ["-X", "utf8", "-c", program]


def _environment(home: str) -> dict[str, str]:
    kept = {key: os.environ[key] for key in _KEPT if key in os.environ}
    return {
        **kept,
        "HOME": home,
        "TMPDIR": home,
        "KERAS_HOME": home,
        "KERAS_BACKEND": "tensorflow",
        "CUDA_VISIBLE_DEVICES": "-1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_NUM_INTRAOP_THREADS": "1",
        "TF_NUM_INTEROP_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONPATH": str(Path(workbench.__file__).parents[1]),
    }


def _wait(process: subprocess.Popen[bytes], until: float, cancel: CancelToken | None) -> None:
    while True:
        try:
            process.wait(_LOOK_S)
            return
        except subprocess.TimeoutExpired:
            if cancel is not None:
                cancel.raise_if_stopped()
            if time.monotonic() > until:
                return


def _last(said: bytes) -> dict[str, Any] | None:
    for line in reversed(said.splitlines()):
        try:
            answer = json.loads(line)
        except ValueError:
            continue
        if isinstance(answer, dict):
            return answer
    return None


def _failed(name: str, status: int, tail: str) -> FileError:
    if status in _OUT_OF_TIME:
        words = "it took longer than any model should"
    elif "MemoryError" in tail or "bad_alloc" in tail or status in _BROKEN:
        words = "it took more memory than its file accounts for, or broke the reader"
    else:
        words = tail.strip().splitlines()[-1] if tail.strip() else f"exit status {status}"
    return FileError(f"{name} could not be read.", words, "Ask whoever made it for another copy.")
