from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

Workbench = Callable[..., Any]


def test_that_trials_answer_with_json_and_with_words(tmp_path: Path, workbench: Workbench) -> None:
    folder = tmp_path / "p"
    assert workbench("new", folder, "--data", "iris").status == 0
    flown = workbench("preflight", folder, "--json")
    assert flown.status == 0
    assert {"ok", "items", "epoch_seconds", "run_seconds", "memory"} <= set(flown.value)
    assert "Leakage" in workbench("preflight", folder).words
    rates = workbench("lr-test", folder, "--json")
    assert rates.status == 0
    assert rates.value["remedy"]["set"] == {"training.learning_rate": rates.value["suggested"]}


def test_that_a_trial_without_data_says_so(tmp_path: Path, workbench: Workbench) -> None:
    from workbench.project import store
    from workbench.project.model import Project

    store.create(Project(), tmp_path / "p")
    answer = workbench("batch-test", tmp_path / "p", "--json")
    assert answer.status == 2
    assert answer.value["error"]["rule"] == "A trial needs data."
