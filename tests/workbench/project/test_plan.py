"""One edit of the plan, and what follows from it."""

from __future__ import annotations

import pytest

from workbench.core.errors import UsageError
from workbench.graph import edits
from workbench.project.model import Project
from workbench.project.plan import with_setting
from workbench.project.setting import assign


@pytest.fixture
def project() -> Project:
    return Project(name="p", graph=edits.blank())


def test_that_another_optimizer_keeps_only_the_settings_that_it_has_too(project: Project) -> None:
    for name, value in (("beta_1", 0.8), ("amsgrad", True)):
        project = assign(project, f"training.optimizer_params.{name}={'true' if value is True else value}")
    changed = with_setting(project, "optimizer", "nadam")
    assert changed.training.optimizer_params == {"beta_1": 0.8}
    assert assign(project, "training.optimizer=sgd").training.optimizer_params == {}


def test_that_another_schedule_keeps_only_the_settings_that_it_has_too(project: Project) -> None:
    project = assign(project, "training.schedule.name=cosine_decay")
    project = assign(project, "training.schedule.params.decay_epochs=4")
    project = assign(project, "training.schedule.params.alpha=0.1")
    changed = with_setting(project, "schedule.name", "exponential_decay")
    assert changed.training.schedule.params == {"decay_epochs": 4}
    assert changed.training.schedule.warmup_epochs == 0


@pytest.mark.parametrize(
    ("assignment", "words"),
    [
        ("training.optimizer=steepest", "adamw"),
        ("training.optimizer_params.rho=0.9", "has no setting 'rho'"),
        ("training.optimizer_params.beta_1=2", "at most 1"),
        ("training.schedule.name=sawtooth", "cosine_decay"),
        ("training.schedule.params.alpha=0.5", "has no setting 'alpha'"),
    ],
)
def test_that_what_keras_does_not_have_is_refused_in_words(project: Project, assignment: str, words: str) -> None:
    with pytest.raises(UsageError) as refused:
        assign(project, assignment)
    assert words in str(refused.value)
