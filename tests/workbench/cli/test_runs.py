"""`workbench run`: what a person says of a run, and its way to the trash and back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from workbench.project import store as projects
from workbench.project.model import Project
from workbench.runs import store


def made(tmp_path: Path) -> Path:
    folder = tmp_path / "p"
    projects.create(Project(), folder)
    run = store.new_run(folder, Project()).run
    store.write_record(folder, store.load_record(folder, run).model_copy(update={"outcome": "done"}))
    return folder


def test_that_a_run_is_named_tagged_and_starred_and_the_list_tells(
    workbench: Callable[..., Any], tmp_path: Path
) -> None:
    folder = made(tmp_path)
    words = ["--title", "Wide", "--note", "try again", "--tag", "a", "--tag", "b", "--star"]
    told = workbench("run", folder, "run-001", *words, "--json").value
    assert (told["title"], told["note"], told["tags"], told["starred"]) == ("Wide", "try again", ["a", "b"], True)
    workbench("run", folder, "run-001", "--unstar")
    listed = workbench("runs", folder, "--json").value
    assert (listed[0]["title"], listed[0]["starred"]) == ("Wide", False)
    assert "Wide" in workbench("runs", folder).words


def test_that_a_deleted_run_can_be_restored_by_command(workbench: Callable[..., Any], tmp_path: Path) -> None:
    folder = made(tmp_path)
    assert "--restore" in workbench("run", folder, "run-001", "--delete").errors
    assert workbench("runs", folder, "--json").value == []
    assert workbench("runs", folder, "--deleted", "--json").value == [{"name": "run-001"}]
    assert workbench("run", folder, "run-001", "--restore", "--json").value["outcome"] == "done"
    assert workbench("run", folder, "run-009", "--restore").status == 1
    assert workbench("run", folder, "run-001", "--restore", "--delete").status == 2
