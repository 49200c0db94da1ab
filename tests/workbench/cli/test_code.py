"""`workbench code`: the script on stdout, in a file, and as JSON."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

Workbench = Callable[..., Any]


def test_that_the_model_is_written_as_a_script(tmp_path: Path, workbench: Workbench) -> None:
    assert workbench("new", tmp_path / "p", "--data", "iris").status == 0
    answer = workbench("code", tmp_path / "p")
    assert answer.status == 0
    assert "keras.Sequential(" in answer.words
    ast.parse(answer.words)
    again = workbench("code", tmp_path / "p", "--json")
    assert again.value == {"script": answer.words, "path": None, "whole": False}


def test_that_the_whole_project_goes_to_a_file(tmp_path: Path, workbench: Workbench) -> None:
    assert workbench("new", tmp_path / "p", "--data", "digits").status == 0
    answer = workbench("code", tmp_path / "p", "--whole", "--out", tmp_path / "run.py")
    assert answer.status == 0
    text = (tmp_path / "run.py").read_text(encoding="utf-8")
    assert "load_digits" in text
    assert "model.fit(" in text


def test_that_a_project_without_data_is_told_what_to_do(tmp_path: Path, workbench: Workbench) -> None:
    assert workbench("new", tmp_path / "p", "--preset", "mlp").status == 0
    answer = workbench("code", tmp_path / "p", "--json")
    assert answer.status == 2
    assert "data" in answer.value["error"]["hint"]
