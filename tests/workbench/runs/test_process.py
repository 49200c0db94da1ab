"""Who carries a run out: one at a time, whatever becomes of the clock."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import psutil
import pytest

from workbench.core import files
from workbench.project.model import Project
from workbench.runs import process, store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return store.run_folder(tmp_path, store.new_run(tmp_path, Project()).run)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system does not count from its clock")
@pytest.mark.parametrize("seconds", [-3600, 3600])
def test_that_a_clock_that_is_set_makes_no_living_process_a_dead_one(
    path: Path, seconds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    booted = psutil._pslinux.boot_time  # type: ignore[attr-defined]
    before = psutil.Process().create_time()
    monkeypatch.setattr(psutil._pslinux, "boot_time", lambda: booted() + seconds)  # type: ignore[attr-defined]
    assert abs(psutil.Process().create_time() - before - seconds) < 2, "the system counts from its clock"
    owner = process.owner_of(path)
    assert owner is not None
    assert owner.alive
    assert store.load_record(path.parent.parent, path.name).outcome == "running"


def test_that_a_number_given_out_again_is_not_believed(path: Path) -> None:
    record = files.read_json(path / process.PROCESS_FILE)
    for change in ({"started": record["started"] - 60}, {"boot": "another"}):
        files.write_json(path / process.PROCESS_FILE, {**record, **change})
        owner = process.owner_of(path)
        assert owner is not None
        assert not owner.alive


def test_that_a_run_is_held_by_one_thread_which_may_hold_it_twice(path: Path) -> None:
    refused: list[process.Taken] = []

    def other() -> None:
        try:
            with process.held(path):
                pass
        except process.Taken as taken:
            refused.append(taken)

    with process.held(path), process.claimed(path):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert [taken.received for taken in refused] == [f"run-001 is at work in process {os.getpid()}"]
    other()
    assert len(refused) == 1


def test_that_a_run_whose_own_process_still_begins_is_left_to_it(path: Path) -> None:
    process.claim(path, "process", os.getppid())
    with pytest.raises(process.Taken, match=f"process {os.getppid()}"), process.held(path):
        pass
