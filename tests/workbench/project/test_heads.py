"""The ends of a drawing follow the further targets."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.core.errors import DataError
from workbench.data.dataset import open_dataset
from workbench.data.spec import DatasetInfo, DatasetSpec, FurtherTarget
from workbench.graph import edits
from workbench.graph.head import head
from workbench.graph.model import Graph
from workbench.project.model import Project
from workbench.project.outputs import asked_of, ends_of, with_graph
from workbench.project.presets import with_data
from workbench.project.suggest import suggested_project
from workbench.project.training import OutputSettings, TrainingSettings


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table of two numbers and three answers; one has no sex, one no rings."""
    path = tmp_path_factory.mktemp("shells") / "shells.csv"
    rows = [f"{row % 7},{row % 5},{'MFI'[row % 3]},{row % 40}.5,{row % 2}" for row in range(120)]
    rows[3], rows[4] = "1,2,,3.5,0", "1,2,M,,0"
    path.write_text("a,b,sex,rings,alive\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def found(path: Path, *further: str) -> tuple[DatasetSpec, DatasetInfo]:
    targets = tuple(FurtherTarget(name=name) for name in further)
    spec = DatasetSpec(source="csv", location=str(path), target="rings", further=targets)
    return spec, open_dataset(spec).info


def heads(graph: Graph) -> dict[str, tuple[object, str]]:
    """Each output's units and activation."""
    ends = {node.name: head(graph, node) for node in graph.outputs}
    return {name: (end.dense and end.dense.params["units"], end.activation) for name, end in ends.items()}


def test_that_further_targets_are_told_and_left_out_of_the_inputs(path: Path) -> None:
    _, info = found(path, "sex", "alive")
    assert (info.target, info.task, info.features) == ("rings", "regression", ("a", "b"))
    assert [(target.name, target.task, target.classes) for target in info.further] == [
        ("sex", "classification", ("F", "I", "M")),
        ("alive", "classification", ("0", "1")),
    ]
    assert info.samples == 118
    assert [problem.message for problem in info.problems[:2]] == [
        "1 row left out: no answer in 'rings'.",
        "1 row left out: no answer in 'sex'.",
    ]
    assert info.further_choices == ("a", "b", "sex", "alive")
    assert {column.name: column.kind for column in info.columns}["sex"] == "further"


@pytest.mark.parametrize(
    ("names", "words"), [(("rings",), "Each target"), (("sex", "sex"), "Each target"), (("size",), "The target must")]
)
def test_that_targets_that_cannot_be_are_refused(path: Path, names: tuple[str, ...], words: str) -> None:
    with pytest.raises(DataError, match=words):
        found(path, *names)


def test_that_data_without_columns_have_no_further_target() -> None:
    with pytest.raises(DataError, match="Further targets are columns"):
        open_dataset(DatasetSpec(source="builtin", location="digits", further=(FurtherTarget(name="x"),)))


def test_that_a_suggestion_has_a_head_for_each_target(path: Path) -> None:
    made = suggested_project(Project(), *found(path, "sex"))
    assert heads(made.graph) == {"output": (1, "linear"), "sex": (3, "softmax")}
    assert made.training.outputs == {"sex": OutputSettings(target="sex")}
    asks, problems = asked_of(made)
    assert problems == []
    assert [end.target.name for end in asks.values()] == ["rings", "sex"]


def test_that_a_head_comes_and_goes_with_its_target(path: Path) -> None:
    plain = suggested_project(Project(), *found(path))
    both = with_data(plain, *found(path, "sex", "alive"))
    assert heads(both.graph) == {"output": (1, "linear"), "sex": (3, "softmax"), "alive": (2, "softmax")}
    one = with_data(both, *found(path, "alive"))
    assert heads(one.graph) == {"output": (1, "linear"), "alive": (2, "softmax")}
    none = with_data(one, *found(path))
    assert (none.graph, none.training) == (plain.graph, plain.training)


def test_that_an_output_that_was_taken_off_does_not_come_back_with_another_choice(path: Path) -> None:
    spec, info = found(path, "sex")
    made = suggested_project(Project(), spec, info)
    cut = made.model_copy(update={"graph": edits.remove(made.graph, [made.graph.outputs[1].id])})
    again = with_data(cut, spec.model_copy(update={"ignored": ("b",)}), info)
    assert list(heads(again.graph)) == ["output"]
    assert [problem.message for problem in asked_of(again)[1]] == ["No output learns 'sex'."]


def test_that_the_plan_follows_an_output_that_is_renamed(path: Path) -> None:
    made = suggested_project(Project(), *found(path, "sex"))
    renamed = with_graph(made, edits.rename(made.graph, made.graph.outputs[1].id, "the sex"))
    assert renamed.training.outputs == {"the sex": OutputSettings(target="sex")}
    ends = ends_of(renamed.training, found(path, "sex")[1], ["output", "the sex"])
    assert [(end.name, end.place) for end in ends] == [("output", 0), ("the_sex", 1)]


def test_that_projects_of_before_open_as_they_were() -> None:
    settings = TrainingSettings.model_validate({"outputs": {"side": {"loss": "auto", "weight": 0.5}}})
    assert settings.outputs["side"].target == ""
    assert DatasetSpec.model_validate({"source": "csv", "location": "/a.csv"}).further == ()
