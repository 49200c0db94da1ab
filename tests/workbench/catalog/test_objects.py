"""What a training is made of: the shipped catalogue against the installed Keras."""

from __future__ import annotations

import importlib.util
import inspect
import json
import sys
from pathlib import Path
from typing import Any

import keras
import pytest

from workbench.catalog.objects import OBJECT_KINDS, ObjectKind, checked_params, every_object, object_spec, objects
from workbench.core.errors import UsageError
from workbench.project.training import EarlyStopping, ReduceOnPlateau, TrainingSettings

SCRIPTS = Path(__file__).parents[3] / "scripts"
MODULES: dict[ObjectKind, Any] = {
    "optimizers": keras.optimizers,
    "schedules": keras.optimizers.schedules,
    "losses": keras.losses,
    "metrics": keras.metrics,
    "callbacks": keras.callbacks,
}


def test_that_the_shipped_catalogue_of_training_is_what_keras_says_today() -> None:
    spec = importlib.util.spec_from_file_location("generate_catalog", SCRIPTS / "generate_catalog.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    path = list(sys.path)
    try:
        spec.loader.exec_module(module)
        assert json.loads(module.TRAINING.read_text(encoding="utf-8")) == json.loads(
            module.text_of(module.training_catalog())
        )
    finally:
        sys.path[:] = path


@pytest.mark.parametrize("kind", OBJECT_KINDS)
def test_that_every_class_of_keras_is_offered_or_told_why_not(kind: ObjectKind) -> None:
    module = MODULES[kind]
    classes = {thing.__name__ for name in dir(module) if inspect.isclass(thing := getattr(module, name))}
    assert {spec.class_name for spec in every_object(kind)} - {""} == classes
    names = [spec.name for spec in objects(kind)]
    assert len(set(names)) == len(names)
    for spec in every_object(kind):
        assert spec.reason or spec.doc, spec.name


@pytest.mark.parametrize("kind", OBJECT_KINDS)
def test_that_every_setting_is_one_of_keras_has_a_sentence_and_passes_its_own_check(kind: ObjectKind) -> None:
    for spec in objects(kind):
        known = (
            inspect.signature(getattr(MODULES[kind], spec.class_name).__init__).parameters if spec.class_name else {}
        )
        for param in spec.params:
            ours = kind == "schedules" and (param.name.endswith("epochs") or param.name == "factors")
            assert ours or param.name in known, f"{spec.name}.{param.name}"
            assert param.doc, f"{spec.name}.{param.name}"
            assert "`" not in param.doc
            if param.default is not None:
                assert param.check(param.default) == param.default
            else:
                assert param.nullable, f"{spec.name}.{param.name}"


def test_that_a_setting_that_is_not_there_or_out_of_bounds_is_refused_in_words() -> None:
    spec = object_spec("optimizers", "adam")
    assert spec is not None
    with pytest.raises(UsageError, match="Adam has no setting 'momentum'"):
        checked_params(spec.title, spec.params, {"momentum": 0.9})
    with pytest.raises(UsageError, match="at most 1"):
        checked_params(spec.title, spec.params, {"beta_1": 1.5})


def test_that_the_work_of_every_callback_is_a_setting_of_the_plan_or_none() -> None:
    for spec in objects("callbacks"):
        place: Any = TrainingSettings()
        for step in filter(None, spec.setting.split(".")):
            place = getattr(place, step)


def test_that_the_plan_differs_from_keras_only_where_it_says_so() -> None:
    early = inspect.signature(keras.callbacks.EarlyStopping.__init__).parameters
    plateau = inspect.signature(keras.callbacks.ReduceLROnPlateau.__init__).parameters
    differing = {
        (name, field)
        for name, ours, theirs in (("early", EarlyStopping(), early), ("plateau", ReduceOnPlateau(), plateau))
        for field, value in ours.model_dump().items()
        if field not in ("enabled", "monitor") and theirs[field].default != value
    }
    assert differing == {("early", "patience"), ("plateau", "patience")}, "ours wait 10 and 5 epochs"
