"""Runs are kept, listed and read again."""

from __future__ import annotations

import shutil
import tracemalloc
from pathlib import Path

import pytest

from workbench.core import events, files
from workbench.core.errors import FileError, ProjectError
from workbench.project.model import Project
from workbench.runs import process, store


def test_that_runs_are_numbered_and_listed_oldest_first(tmp_path: Path) -> None:
    names = [store.new_run(tmp_path, Project()).run for _ in range(3)]
    assert names == ["run-001", "run-002", "run-003"]
    shutil.rmtree(store.run_folder(tmp_path, "run-002"))
    assert store.new_run(tmp_path, Project()).run == "run-004"
    assert [record.run for record in store.list_runs(tmp_path)] == ["run-001", "run-003", "run-004"]


@pytest.mark.parametrize("refused", [store.PLAN_FILE, process.PROCESS_FILE, store.RECORD_FILE])
def test_that_a_run_that_the_disk_refuses_leaves_nothing(
    tmp_path: Path, refused: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = files.write_bytes

    def full(path: Path, data: bytes) -> None:
        if path.name == refused:
            raise files.write_failed(path, OSError(28, "No space left on device"))
        write(path, data)

    monkeypatch.setattr(files, "write_bytes", full)
    with pytest.raises(FileError, match="disk is full"):
        store.new_run(tmp_path, Project())
    assert list(store.runs_folder(tmp_path).iterdir()) == []
    refused = ""
    assert store.new_run(tmp_path, Project()).run == "run-001"


def test_that_a_plan_comes_back_as_it_was(tmp_path: Path) -> None:
    plan = store.new_run(tmp_path, Project(name="mine"))
    assert store.load_plan(tmp_path, plan.run) == plan
    assert plan.versions["python"]


def test_that_events_come_back_without_a_torn_last_line(tmp_path: Path) -> None:
    run = store.new_run(tmp_path, Project()).run
    log = store.RunLog(tmp_path, run)
    told = [
        events.RunStarted(run, 2, 10, 32, 320, 80, 5, "CPU"),
        events.BatchEnded(run, 1, 1, {"loss": 1.0}, 10.0),
        events.EpochEnded(run, 1, {"loss": 1.0}, 0.1, 10.0),
    ]
    for event in told:
        log.emit(event)
    path = store.run_folder(tmp_path, run) / "metrics.jsonl"
    with path.open("a") as file:
        file.write('{"event": "unheard_of"}\n[]\n{"event": "epo')
    assert store.load_events(tmp_path, run) == told


def test_that_batches_are_thinned_in_the_log(tmp_path: Path) -> None:
    run = store.new_run(tmp_path, Project()).run
    log = store.RunLog(tmp_path, run)
    for step in range(1, 1000):
        log.emit(events.BatchEnded(run, 1, step, {"loss": 1.0}, 10.0))
    assert 1 <= len(store.load_events(tmp_path, run)) < 50


def test_that_a_part_of_a_log_is_read_without_the_rest(tmp_path: Path) -> None:
    run = store.new_run(tmp_path, Project()).run
    log = store.RunLog(tmp_path, run)
    epochs = [events.EpochEnded(run, epoch, {"loss": 1.0 / epoch}, 0.1, 10.0) for epoch in (1, 2, 3)]
    path = store.run_folder(tmp_path, run) / "metrics.jsonl"
    log.emit(epochs[0])
    begin = log.settle()
    with path.open("ab") as file:
        file.write(b" " * 8_000_000 + b"\n")
    behind = log.settle()
    log.emit(epochs[1])
    end = log.settle()
    log.emit(epochs[2])
    tracemalloc.start()
    parts = [store.events_in(path, *part) for part in ((0, begin), (behind, end), (behind,), (end, behind))]
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert parts == [epochs[:1], epochs[1:2], epochs[1:], []]
    assert most < 1_000_000, "eight megabytes lie between what was asked for"


@pytest.mark.parametrize("name", ["..", "", "a/b", ".hidden", "../run-001"])
def test_that_a_run_name_cannot_lead_elsewhere(tmp_path: Path, name: str) -> None:
    with pytest.raises(ProjectError):
        store.run_folder(tmp_path, name)


def test_that_the_newest_run_with_a_model_is_chosen(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="workbench train"):
        store.chosen_run(tmp_path, None)
    first, second = (store.new_run(tmp_path, Project()).run for _ in range(2))
    store.best_model(tmp_path, first).write_bytes(b"model")
    assert store.chosen_run(tmp_path, None).run == first
    with pytest.raises(ProjectError, match="must have left a model"):
        store.chosen_run(tmp_path, second)
    with pytest.raises(ProjectError, match="one of this project's"):
        store.chosen_run(tmp_path, "run-999")
