"""One step of an export in a process of its own: JSON lines come back, a cancel ends it at once."""

from __future__ import annotations

import json
import logging
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

import workbench
from workbench.core import errors
from workbench.core.errors import ExportError, WorkbenchError
from workbench.data.work import Work

log = logging.getLogger(__name__)

TEST_X, TEST_Y, TEST_WEIGHT, CHECK = "test_x.npy", "test_y.npy", "test_weight.npy", "check.npz"
"""Files that the steps hand each other."""

_TAIL = 4000
_LOOK_S = 0.1

Lines = queue.SimpleQueue[bytes | None]


def run(
    arguments: Sequence[str], scratch: Path, work: Work, share: tuple[float, float], *, alone: bool = False
) -> dict[str, Any]:
    """Start Python with `arguments` and wait for its answer.

    Each line on its standard output is a JSON object: `{"progress": fraction, "words": ...}`, `{"error": ...}`, or the
    answer, which comes last.

    Args:
        arguments: What follows the interpreter.
        scratch: Its working directory, where its standard error is kept.
        work: Told how far it is; its cancel ends the process.
        share: The part of the whole that this step is, from and to.
        alone: Whether this program is kept out of its sight.

    Raises:
        WorkbenchError: What the process said was wrong.
        ExportError: It ended without an answer.
        Cancelled: The user asked for the end.
    """
    complaints = scratch / "errors.txt"
    with (
        complaints.open("wb") as stderr,
        subprocess.Popen(
            [sys.executable, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            env=_environment(alone),
            cwd=scratch,
        ) as process,
    ):
        assert process.stdout is not None, "the pipe was asked for"
        lines: Lines = queue.SimpleQueue()
        reader = threading.Thread(target=_read, args=(process.stdout, lines), name="export output", daemon=True)
        reader.start()
        try:
            answer = _listen(lines, work, share)
        except BaseException:
            process.kill()
            raise
        finally:
            process.wait()
            reader.join()
    if answer is None:
        raise _failed(process.returncode, complaints)
    return answer


def _environment(alone: bool) -> dict[str, str]:
    # Without a GPU, so that a training under way keeps its memory and both sides of the comparison round alike.
    own = [] if alone else [str(Path(workbench.__file__).parents[1])]
    paths = [*own, os.environ.get("PYTHONPATH", "")]
    return {
        **os.environ,
        "CUDA_VISIBLE_DEVICES": "-1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "KERAS_BACKEND": "tensorflow",
        "PYTHONIOENCODING": "utf-8",
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
    }


def _read(stream: IO[bytes], lines: Lines) -> None:
    for line in stream:
        lines.put(line)
    lines.put(None)


def _listen(lines: Lines, work: Work, share: tuple[float, float]) -> dict[str, Any] | None:
    answer: dict[str, Any] | None = None
    start, end = share
    while True:
        work.look()
        try:
            line = lines.get(timeout=_LOOK_S)
        except queue.Empty:
            continue
        if line is None:
            return answer
        message = _message(line)
        if message is None:
            continue
        if "error" in message:
            raise _told(message)
        if "progress" in message:
            work.tell(start + (end - start) * message["progress"], message["words"])
        else:
            answer = message


def _message(line: bytes) -> dict[str, Any] | None:
    # Libraries print to standard output too; what is no JSON object is theirs.
    try:
        message = json.loads(line)
    except ValueError:
        return None
    return message if isinstance(message, dict) else None


def _told(message: dict[str, Any]) -> WorkbenchError:
    kind = getattr(errors, message.get("kind", ""), ExportError)
    error: WorkbenchError = kind(**message["error"])
    return error


def _failed(status: int, complaints: Path) -> ExportError:
    if status == -9:
        return ExportError(
            "The export could not be finished.",
            "the system ended it, most likely for lack of memory",
            "Close other programs and try again.",
        )
    tail = complaints.read_text(encoding="utf-8", errors="replace")[-_TAIL:].strip()
    log.error("The export's process ended with status %s:\n%s", status, tail)
    last = tail.splitlines()[-1] if tail else f"exit status {status}"
    return ExportError("The export could not be finished.", last, "Try again; the log file has the details.")
