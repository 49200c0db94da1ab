"""The session: the one door for every edit."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from ui.session import Session
from workbench.catalog.losses import resolve_loss
from workbench.data.spec import DatasetSpec, SplitSpec
from workbench.graph import edits
from workbench.graph.model import Graph
from workbench.graph.rules import problems
from workbench.project import store
from workbench.project.model import Project

Settle = Callable[[Session], None]


def add_dense(graph: Graph) -> Graph:
    return edits.append(graph, "Dense", {"units": 3})[0]


def test_that_an_edit_is_undone_and_redone(bare_session: Session) -> None:
    bare_session.new_draft()
    before = bare_session.project
    assert bare_session.edit_graph("Add Dense", add_dense)
    after = bare_session.project
    assert bare_session.undo_label == "Add Dense"
    assert bare_session.dirty
    bare_session.undo()
    assert bare_session.project == before
    assert not bare_session.dirty
    bare_session.redo()
    assert bare_session.project == after


def test_that_an_edit_that_breaks_a_rule_is_told_and_changes_nothing(bare_session: Session, qtbot: QtBot) -> None:
    bare_session.new_draft()
    before = bare_session.project
    with qtbot.waitSignal(bare_session.noticed) as told:
        done = bare_session.edit_graph("Link", lambda graph: edits.connect(graph, "n1", "n2"))
    assert not done
    assert bare_session.project is before
    assert told.args is not None
    assert "linked already" in told.args[1]


def test_that_picking_data_fits_a_blank_drawing_in_one_edit(bare_session: Session, settle: Settle) -> None:
    bare_session.pick("iris")
    settle(bare_session)
    project = bare_session.project
    assert bare_session.is_draft
    assert project.info is not None
    assert project.info.classes == ("setosa", "versicolor", "virginica")
    assert len(project.graph.nodes) > 2
    assert bare_session.dataset is not None
    assert bare_session.dataset.spec == project.dataset
    bare_session.undo()
    assert bare_session.project.dataset is None
    assert len(bare_session.project.graph.nodes) == 2
    assert bare_session.dataset is None
    bare_session.redo()
    settle(bare_session)
    assert bare_session.project == project
    assert bare_session.dataset is not None


def test_that_other_data_fit_the_head_and_keep_the_drawing(bare_session: Session, settle: Settle) -> None:
    bare_session.pick("iris")
    settle(bare_session)
    layers = [node.layer for node in bare_session.project.graph.nodes]
    bare_session.pick("breast_cancer")
    settle(bare_session)
    graph = bare_session.project.graph
    assert [node.layer for node in graph.nodes] == layers
    assert graph.output is not None
    head = graph.by_id[graph.incoming[graph.output.id][0].source]
    assert head.params["units"] in (1, 2)


def test_that_what_cannot_be_picked_is_told_and_leaves_the_data(bare_session: Session, settle: Settle) -> None:
    bare_session.pick("iris")
    settle(bare_session)
    told: list[str] = []
    bare_session.dataset_failed.connect(lambda error: told.append(str(error)))
    before, dataset = bare_session.project, bare_session.dataset
    bare_session.pick("no_such_dataset")
    settle(bare_session)
    assert bare_session.project is before
    assert bare_session.dataset is dataset
    assert "no_such_dataset" in told[0]


def test_that_only_the_last_of_two_picks_counts(bare_session: Session, settle: Settle) -> None:
    bare_session.pick("digits")
    bare_session.pick("wine")
    settle(bare_session)
    assert bare_session.project.info is not None
    assert bare_session.project.info.title.lower().startswith("wine")


def test_that_another_split_is_read_and_set_in_one_edit(bare_session: Session, settle: Settle) -> None:
    bare_session.pick("iris")
    settle(bare_session)
    spec = bare_session.project.dataset
    assert spec is not None
    other = spec.model_copy(update={"split": SplitSpec(train=0.5, validation=0.25, test=0.25)})
    bare_session.set_spec(other)
    settle(bare_session)
    assert bare_session.project.dataset == other
    assert bare_session.project.info is not None
    assert bare_session.project.info.train_samples in range(73, 78)
    bare_session.undo()
    assert bare_session.project.dataset == spec


def test_that_a_quickstart_opens_a_whole_draft(bare_session: Session, settle: Settle) -> None:
    assert bare_session.quickstart("iris-mlp")
    settle(bare_session)
    assert bare_session.is_draft
    assert bare_session.dataset is not None
    assert bare_session.project.info == bare_session.dataset.info
    assert not bare_session.dirty
    assert bare_session.undo_label is None


@pytest.mark.parametrize("name", ["iris-mlp", "wine-mlp", "breast-cancer-mlp", "diabetes-regression", "digits-cnn"])
def test_that_a_quickstart_ends_as_its_data_ask(bare_session: Session, settle: Settle, name: str) -> None:
    assert bare_session.quickstart(name)
    settle(bare_session)
    project = bare_session.project
    assert project.info is not None
    assert problems(project.graph, project.info, resolve_loss("auto", project.info)) == []


def test_that_saving_as_moves_a_draft_and_its_name(bare_session: Session, tmp_path: Path) -> None:
    bare_session.new_draft()
    bare_session.edit_graph("Add Dense", add_dense)
    draft = bare_session.folder
    assert draft is not None
    assert bare_session.save_as(tmp_path / "mine")
    assert not draft.exists()
    assert not bare_session.is_draft
    assert not bare_session.dirty
    assert store.load(tmp_path / "mine") == bare_session.project
    bare_session.undo()
    assert bare_session.project.name == "mine"


def test_that_unsaved_work_survives_a_crash(bare_session: Session, make_project: Callable[..., Path]) -> None:
    folder = make_project()
    bare_session.open(folder)
    bare_session.edit_graph("Add Dense", add_dense)
    bare_session.autosave()
    lost = bare_session.project
    other = Session()
    assert other.open(folder, recover=True)
    assert other.project == lost
    assert other.dirty
    other.undo()
    assert len(other.project.graph.nodes) == 2
    other.forget_changes()
    other.close()
    assert store.recovered(folder) is None


def test_that_autosave_comes_by_itself(bare_session: Session, qtbot: QtBot, make_project: Callable[..., Path]) -> None:
    folder = make_project()
    bare_session.open(folder)
    bare_session.edit_graph("Add Dense", add_dense)
    qtbot.waitUntil(lambda: store.recovered(folder) is not None, timeout=5_000)
    bare_session.save()
    assert store.recovered(folder) is None
    assert store.load(folder) == bare_session.project


def test_that_an_autosave_runs_behind_the_window_and_never_outlasts_a_save(
    bare_session: Session, qtbot: QtBot, make_project: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, began, write = make_project(), threading.Event(), store.autosave
    writers: list[threading.Thread] = []

    def slowly(project: Project, where: Path) -> None:
        writers.append(threading.current_thread())
        began.set()
        time.sleep(0.2)
        write(project, where)

    monkeypatch.setattr(store, "autosave", slowly)
    bare_session.open(folder)
    bare_session.edit_graph("Add Dense", add_dense)
    qtbot.waitUntil(began.is_set, timeout=5_000)
    assert bare_session.save()
    assert store.recovered(folder) is None
    assert writers[0] is not threading.main_thread()


def test_that_a_project_that_cannot_be_opened_leaves_the_open_one(
    bare_session: Session, make_project: Callable[..., Path], tmp_path: Path
) -> None:
    bare_session.open(make_project())
    before = bare_session.project
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "project.json").write_text('{"version": 1, "na')
    assert not bare_session.open(broken)
    assert bare_session.project is before


def test_that_data_that_are_gone_are_told_and_the_project_still_opens(
    bare_session: Session, tmp_path: Path, settle: Settle
) -> None:
    spec = DatasetSpec(source="csv", location=str(tmp_path / "gone.csv"))
    store.create(Project(name="p", dataset=spec), tmp_path / "p")
    failed: list[object] = []
    bare_session.dataset_failed.connect(failed.append)
    assert bare_session.open(tmp_path / "p")
    settle(bare_session)
    assert len(failed) == 1
    assert "gone.csv" in str(failed[0])
    assert bare_session.dataset is None
