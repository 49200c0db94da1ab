"""Project folders keep what the user made."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from workbench.core.errors import FileError, ProjectError
from workbench.graph import edits
from workbench.project import store
from workbench.project.model import FORMAT_VERSION, Project


def drawn(name: str = "mine") -> Project:
    graph, _ = edits.append(edits.blank(), "Dense", {"units": 3})
    return Project(name=name, graph=graph)


def test_that_a_project_comes_back_as_it_was(tmp_path: Path) -> None:
    store.save(drawn(), tmp_path / "p")
    assert store.load(tmp_path / "p") == drawn()
    assert store.load(tmp_path / "p" / "project.json") == drawn()


def test_that_a_folder_without_a_project_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="workbench new"):
        store.load(tmp_path / "nothing")


def test_that_a_project_cut_short_is_named_and_left_alone(tmp_path: Path) -> None:
    store.save(drawn(), tmp_path)
    path = tmp_path / "project.json"
    whole = path.read_text()
    for length in range(0, len(whole) - 2, 97):
        path.write_text(whole[:length])
        with pytest.raises((ProjectError, FileError)) as caught:
            store.load(tmp_path)
        assert "project.json" in str(caught.value)
        assert path.read_text() == whole[:length]


def test_that_a_project_of_a_newer_program_is_refused_with_the_remedy(tmp_path: Path) -> None:
    record = drawn().to_json() | {"version": FORMAT_VERSION + 1, "telepathy": True}
    (tmp_path / "project.json").write_text(json.dumps(record))
    with pytest.raises(ProjectError, match="Update the program"):
        store.load(tmp_path)


@pytest.mark.parametrize("record", [[], {}, {"version": "1"}, {"version": True}, {"version": 0}, None, 3])
def test_that_json_that_is_no_project_is_refused(tmp_path: Path, record: object) -> None:
    (tmp_path / "project.json").write_text(json.dumps(record))
    with pytest.raises(ProjectError):
        store.load(tmp_path)


def test_that_a_damaged_setting_is_named(tmp_path: Path) -> None:
    record = drawn().to_json()
    record["training"]["epochs"] = "lots"
    (tmp_path / "project.json").write_text(json.dumps(record))
    with pytest.raises(ProjectError, match=r"training\.epochs"):
        store.load(tmp_path)


def test_that_a_layer_this_program_does_not_know_is_kept(tmp_path: Path) -> None:
    graph, _ = edits.append(edits.blank(), "QuantumDense", {"qubits": 3})
    project = Project(name="odd", graph=graph)
    store.save(project, tmp_path)
    assert store.load(tmp_path) == project


def test_that_a_new_project_never_lands_on_something(tmp_path: Path) -> None:
    (tmp_path / "precious.txt").write_text("mine")
    with pytest.raises(ProjectError, match="holds something"):
        store.create(drawn(), tmp_path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["precious.txt"]


def test_that_save_as_takes_the_runs_along_and_renames(tmp_path: Path) -> None:
    store.save(drawn(), tmp_path / "a")
    (tmp_path / "a" / "runs" / "run-001").mkdir(parents=True)
    (tmp_path / "a" / "runs" / "run-001" / "run.json").write_text("{}")
    copy = store.save_as(drawn(), tmp_path / "a", tmp_path / "b")
    assert copy.name == "b"
    assert store.load(tmp_path / "b") == copy
    assert (tmp_path / "b" / "runs" / "run-001" / "run.json").exists()
    with pytest.raises(ProjectError, match="inside"):
        store.save_as(drawn(), tmp_path / "a", tmp_path / "a" / "c")


def test_that_an_autosave_is_offered_until_it_is_saved(tmp_path: Path) -> None:
    store.save(drawn("old"), tmp_path)
    assert store.recovered(tmp_path) is None
    store.autosave(drawn("newer"), tmp_path)
    assert store.recovered(tmp_path) == drawn("newer")
    store.save(drawn("newer"), tmp_path)
    assert store.recovered(tmp_path) is None


def test_that_a_torn_autosave_does_not_stand_in_the_way(tmp_path: Path) -> None:
    store.save(drawn(), tmp_path)
    (tmp_path / "project.autosave.json").write_text('{"version": 1, "na')
    assert store.recovered(tmp_path) is None
    assert store.load(tmp_path) == drawn()


def test_that_only_drafts_are_ever_discarded(tmp_path: Path) -> None:
    store.save(drawn(), tmp_path / "p")
    store.discard_draft(tmp_path / "p")
    assert store.load(tmp_path / "p") == drawn()
    draft = store.new_draft(drawn("draft"))
    assert draft in store.drafts()
    store.discard_draft(draft)
    assert not draft.exists()


def test_that_a_read_only_disk_gets_a_remedy_and_keeps_the_old_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.save(drawn("old"), tmp_path)

    def refuse(*args: object, **kwargs: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(FileError, match="read-only"):
        store.save(drawn("new"), tmp_path)
    monkeypatch.undo()
    assert store.load(tmp_path) == drawn("old")
