"""What people do with their runs: notes, trash and queue."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.core.errors import ProjectError
from workbench.project.model import Project, RunNotes
from workbench.runs import notes, queue, store, trash


def ended(folder: Path) -> str:
    run = store.new_run(folder, Project()).run
    store.write_record(folder, store.load_record(folder, run).model_copy(update={"outcome": "done"}))
    return run


def test_that_notes_are_kept_and_what_is_not_named_stays(tmp_path: Path) -> None:
    run = ended(tmp_path)
    assert notes.load_notes(tmp_path, run) == RunNotes()
    notes.change_notes(tmp_path, run, title=" Wider head ", tags=["a", " b", "a", ""])
    notes.change_notes(tmp_path, run, starred=True)
    assert notes.load_notes(tmp_path, run) == RunNotes(title="Wider head", tags=("a", "b"), starred=True)
    assert notes.change_notes(tmp_path, run, title="", tags=()).title == ""
    with pytest.raises(ProjectError, match="one of this project's"):
        notes.change_notes(tmp_path, "run-999", starred=True)


def test_that_damaged_notes_count_as_none_and_do_not_hide_the_run(tmp_path: Path) -> None:
    run = ended(tmp_path)
    (store.run_folder(tmp_path, run) / notes.NOTES_FILE).write_text('{"title": 3')
    assert notes.load_notes(tmp_path, run) == RunNotes()
    assert [record.run for record in store.list_runs(tmp_path)] == [run]


def test_that_a_deleted_run_comes_back_whole_and_its_name_is_not_given_again(tmp_path: Path) -> None:
    run = ended(tmp_path)
    notes.change_notes(tmp_path, run, note="the good one")
    trash.delete_run(tmp_path, run)
    assert store.list_runs(tmp_path) == []
    assert trash.deleted_runs(tmp_path) == [run]
    assert ended(tmp_path) == "run-002"
    trash.restore_run(tmp_path, run)
    assert [record.run for record in store.list_runs(tmp_path)] == ["run-001", "run-002"]
    assert notes.load_notes(tmp_path, run).note == "the good one"
    with pytest.raises(ProjectError, match="Only a deleted run"):
        trash.restore_run(tmp_path, run)


def test_that_a_run_at_work_cannot_be_deleted(tmp_path: Path) -> None:
    run = store.new_run(tmp_path, Project()).run
    with pytest.raises(ProjectError, match="at work"):
        trash.delete_run(tmp_path, run)
    assert store.load_record(tmp_path, run).outcome == "running"


def test_that_runs_wait_in_their_order_and_have_their_turns(tmp_path: Path) -> None:
    names = [queue.enqueue(tmp_path, Project(name=name)).run for name in "abc"]
    assert queue.queued(tmp_path) == names
    queue.reorder(tmp_path, [names[2], names[0]])
    assert queue.queued(tmp_path) == [names[2], names[0], names[1]], "one that is not named goes last"
    plan = queue.take(tmp_path, names[2])
    assert plan.project.name == "c"
    assert store.load_record(tmp_path, names[2]).outcome == "running"
    assert queue.queued(tmp_path) == names[:2]
    trash.delete_run(tmp_path, names[0])
    assert queue.queued(tmp_path) == names[1:2]
    with pytest.raises(ProjectError, match="Only a run that waits"):
        queue.take(tmp_path, names[2])


def test_that_a_damaged_order_leaves_the_runs_in_the_order_of_their_age(tmp_path: Path) -> None:
    names = [queue.enqueue(tmp_path, Project()).run for _ in range(2)]
    (store.runs_folder(tmp_path) / queue.ORDER_FILE).write_text("[")
    assert queue.queued(tmp_path) == names
