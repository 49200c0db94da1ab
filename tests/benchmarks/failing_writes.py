"""Lets each write of a training fail in turn, with ENOSPC or EIO, and sees that nothing is lost.

    python tests/benchmarks/failing_writes.py [N] [--json]

A first run counts the writes: each opening of a file to write, each piece written, each fsync, replace and cut. Then N
runs of the same plan (100 if not named) each have one of these fail, spread over all of them. A run that ends as
"failed" is resumed with a sound disk; in the end, curve, outcome and model must be those of the first run. Ends with
1 where any differs, where an error escapes, or where a run does not have exactly one last word.
"""

from __future__ import annotations

import argparse
import builtins
import contextlib
import errno
import io
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks.kills import RUN, outcome, project_of
from workbench.core.control import RunControl
from workbench.core.events import Event, RunEnded
from workbench.data.dataset import Dataset, open_dataset
from workbench.project.model import Project
from workbench.runs import store

KINDS = (errno.ENOSPC, errno.EIO)


class _Watched:
    """A file whose writes are counted, and may fail."""

    def __init__(self, file: Any, disk: Disk) -> None:
        self._file, self._disk = file, disk

    def write(self, data: Any) -> Any:
        self._disk.touch()
        return self._file.write(data)

    def __enter__(self) -> _Watched:
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()

    def __iter__(self) -> Iterator[Any]:
        return iter(self._file)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


class Disk:
    """Counts the writes below a folder, and lets one of them fail.

    Args:
        folder: What counts as the disk.
        fails: Which write fails, from 1; 0 for none.
        kind: The error's number.
    """

    def __init__(self, folder: Path, fails: int = 0, kind: int = errno.ENOSPC) -> None:
        self._root, self._fails, self._kind = str(folder), fails, kind
        self.writes = 0

    def touch(self) -> None:
        """A write is asked for."""
        self.writes += 1
        if self.writes == self._fails:
            raise OSError(self._kind, os.strerror(self._kind))

    def _is_ours(self, path: Any) -> bool:
        return isinstance(path, str | os.PathLike) and os.fspath(path).startswith(self._root)

    @contextlib.contextmanager
    def watched(self) -> Iterator[None]:
        """Count, and let fail, meanwhile."""
        opened, fsync, replace, truncate = io.open, os.fsync, os.replace, os.truncate

        def opening(file: Any, mode: str = "r", *rest: Any, **options: Any) -> Any:
            if not self._is_ours(file) or not set(mode) & set("wax+"):
                return opened(file, mode, *rest, **options)
            self.touch()
            return _Watched(opened(file, mode, *rest, **options), self)

        def syncing(handle: int) -> None:
            self.touch()
            fsync(handle)

        def replacing(source: Any, target: Any, **options: Any) -> None:
            if self._is_ours(target):
                self.touch()
            replace(source, target, **options)

        def cutting(path: Any, length: int) -> None:
            if self._is_ours(path):
                self.touch()
            truncate(path, length)

        io.open = builtins.open = opening
        os.fsync, os.replace, os.truncate = syncing, replacing, cutting
        try:
            yield
        finally:
            io.open = builtins.open = opened
            os.fsync, os.replace, os.truncate = fsync, replace, truncate


def train(folder: Path, dataset: Dataset, *, resume: bool = False) -> list[RunEnded]:
    """Train the run in a folder; its last words."""
    from workbench.engine.trainer import train as carry_out

    ends: list[RunEnded] = []

    def hear(event: Event) -> None:
        if isinstance(event, RunEnded):
            ends.append(event)

    carry_out(folder, store.load_plan(folder, RUN), hear, RunControl(), dataset, resume)
    return ends


def attempt(scratch: Path, project: Project, dataset: Dataset, disk: Disk) -> tuple[dict[str, Any], str]:
    """Train on a disk that fails once, go on where that ended the run; what came of it, and what went wrong."""
    store.new_run(scratch, project)
    try:
        with disk.watched():
            ends = train(scratch, dataset)
    except OSError as error:
        return {}, f"an error escaped: {error}"
    if len(ends) != 1:
        return {}, f"{len(ends)} last words"
    if store.load_record(scratch, RUN).outcome != "done":
        train(scratch, dataset, resume=True)
    return outcome(scratch), ""


def main() -> int:
    """Let writes fail and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", nargs="?", type=int, default=100, metavar="N")
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    choices = parser.parse_args()
    from workbench.engine.checkpoint import keeper

    keeper.SHARE = 0.3  # more writes that can fail
    project = project_of("plateau")
    few = project.training.model_copy(update={"epochs": 4, "batch_size": 64})
    project = project.model_copy(update={"training": few})
    assert project.dataset is not None, "it was made with one"
    dataset = open_dataset(project.dataset)
    faults: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as name:
        whole = Disk(Path(name) / "whole")
        reference, wrong = attempt(Path(name) / "whole", project, dataset, whole)
        if wrong:
            raise SystemExit(wrong)
        for number in range(choices.runs):
            fails = 1 + number * whole.writes // choices.runs
            kind = KINDS[number % len(KINDS)]
            folder = Path(name) / f"run{number}"
            found, wrong = attempt(folder, project, dataset, Disk(folder, fails, kind))
            differing = [part for part in reference if found.get(part) != reference[part]]
            words = wrong or (f"{', '.join(differing)} differ" if differing else "")
            if words:
                faults.append({"write": fails, "error": errno.errorcode[kind], "wrong": words})
            if not choices.json:
                print(
                    f"write {fails:4} of {whole.writes}, {errno.errorcode[kind]}: {words or 'nothing lost'}", flush=True
                )
    sound = choices.runs - len(faults)
    if choices.json:
        print(json.dumps({"runs": choices.runs, "sound": sound, "writes": whole.writes, "faults": faults}))
    else:
        print(f"{sound} of {choices.runs} writes failed with nothing lost")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
