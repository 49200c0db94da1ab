"""The check of a drawing: the words of each fault, and that its repair mends it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from workbench.core.jsonable import jsonable
from workbench.data.spec import DatasetInfo
from workbench.engine.build import build_model
from workbench.engine.check import check
from workbench.engine.translate import plain
from workbench.graph import edits
from workbench.graph.model import Graph
from workbench.project.model import Project
from workbench.project.presets import architectures, with_architecture
from workbench.project.training import TrainingSettings


def info(shape: tuple[int, ...], classes: int = 10, integer: bool = False, vocabulary: int = 0) -> DatasetInfo:
    sizes = {"samples": 30, "train_samples": 10, "validation_samples": 10, "test_samples": 10}
    return DatasetInfo(
        title="t",
        kind="image" if len(shape) == 3 else "array" if len(shape) > 1 or integer else "table",
        task="classification" if classes else "regression",
        input_shape=shape,
        classes=tuple(f"c{number}" for number in range(classes)),
        integer_input=integer,
        vocabulary=vocabulary,
        target="rings" if not classes else "",
        **sizes,
    )


def stack(*layers: tuple[str, dict[str, Any]]) -> Graph:
    graph = edits.blank()
    for layer, params in layers:
        graph, _ = edits.append(graph, layer, params)
    return graph


def project(graph: Graph, shape: tuple[int, ...], **more: Any) -> Project:
    return Project(graph=graph, info=info(shape, **more))


HEAD = ("Dense", {"units": 10, "activation": "softmax"})
LSTM = ("LSTM", {"units": 4})
BOTH_WAYS = ("Bidirectional", {"layer": {"layer": "LSTM", "params": {"units": 4}}})

FAULTS: list[tuple[tuple[int, ...], tuple[tuple[str, dict[str, Any]], ...], str, str]] = [
    (
        (64,),
        (("Conv2D", {}), ("Flatten", {}), HEAD),
        "Conv2D needs pictures (height, width, channels), but gets 64 numbers.",
        "Insert a Reshape to 8×8×1",
    ),
    (
        (28, 28, 1),
        (("Conv2D", {}), ("Flatten", {}), ("MaxPooling2D", {}), ("Flatten", {}), HEAD),
        "MaxPooling2D needs pictures (height, width, channels), but gets 21632 numbers.",
        "Remove flatten",
    ),
    (
        (28, 28, 1),
        (LSTM, HEAD),
        "LSTM needs sequences (steps, features), but gets pictures of 28×28×1.",
        "Insert a Reshape to 28×28",
    ),
    (
        (9, 2),
        (LSTM, LSTM, HEAD),
        "LSTM needs sequences (steps, features), but gets 4 numbers.",
        "Let lstm put out every step",
    ),
    (
        (9, 2),
        (BOTH_WAYS, LSTM, HEAD),
        "LSTM needs sequences (steps, features), but gets 8 numbers.",
        "Let bidirectional put out every step",
    ),
    (
        (9, 2),
        (("LSTM", {"return_sequences": True}), HEAD),
        "The network ends in a sequence of 9×10 for each sample, but the data ask for 10 classes.",
        "Let lstm put out only the last step",
    ),
    (
        (28, 28, 1),
        (("Conv2D", {"filters": 4}), ("Dense", {"units": 5}), HEAD),
        "The network ends in pictures of 26×26×10 for each sample, but the data ask for 10 classes.",
        "Insert a Flatten",
    ),
    (
        (28, 28, 1),
        (HEAD,),
        "The network ends in pictures of 28×28×10 for each sample, but the data ask for 10 classes.",
        "Insert a Flatten",
    ),
    (
        (4, 4, 1),
        (("Conv2D", {"kernel_size": 5}), ("Flatten", {}), HEAD),
        "The kernel of 5×5 does not fit in the 4×4 that is left here.",
        "Set the padding to same",
    ),
    (
        (4, 4, 1),
        (("MaxPooling2D", {"pool_size": [5, 2]}), ("Flatten", {}), HEAD),
        "The window of 5×2 does not fit in the 4×4 that is left here.",
        "Set the padding to same",
    ),
    (
        (8, 8, 1),
        (("Cropping2D", {"cropping": 5}), ("Flatten", {}), HEAD),
        "Nothing would be left of 8×8×1.",
        "Remove cropping2d",
    ),
    (
        (64,),
        (("Reshape", {"target_shape": [7, 8]}), ("Flatten", {}), HEAD),
        "Reshape cannot make 7×8 of 64 numbers.",
        "Set the shape to 8×8",
    ),
    (
        (8, 8, 6),
        (("Conv2D", {"groups": 4, "filters": 8}), ("Flatten", {}), HEAD),
        "Both the 6 channels that come in and the 8 filters must divide into 4 equal groups.",
        "Set the groups to 2",
    ),
    (
        (12,),
        (("GroupNormalization", {}), HEAD),
        "The 12 channels cannot be parted into 32 equal groups.",
        "Set the groups to 4",
    ),
    (
        (8, 8, 6),
        (("Conv2D", {"strides": 2, "dilation_rate": 2}), ("Flatten", {}), HEAD),
        "Strides and dilation cannot both be above 1.",
        "Set the dilation to 1",
    ),
    ((8,), (("Softmax", {"axis": 4}), HEAD), "Softmax has no axis 4 to work on in 8 numbers.", "Set axis back"),
    (
        (8, 3),
        (("Permute", {"dims": [2, 1, 3]}), ("Flatten", {}), HEAD),
        "Permute must name each axis of a sequence of 8×3 once, from 1 to 2.",
        "Set the axes to 2, 1",
    ),
    (
        (8,),
        (("Normalization", {"mean": [1, 2], "variance": [1, 1]}), HEAD),
        "The mean and the variance must be set together: one number each, or one for each place on the axis.",
        "Learn both from the data",
    ),
    (
        (8,),
        (("Embedding", {}), ("Flatten", {}), HEAD),
        "Embedding looks up whole numbers that stand for words, but gets measured values.",
        "Remove embedding",
    ),
    (
        (8,),
        (("Dense", {"units": 64}), ("ReLU", {})),
        "The data ask for 10 classes, but this last layer puts out 64 numbers.",
        "Set the units to 10",
    ),
    (
        (64,),
        (("BatchNormalization", {}),),
        "The network ends in 64 numbers for each sample",
        "Insert a Dense with 10 units",
    ),
    (
        (6,),
        (("RepeatVector", {}), ("RepeatVector", {}), ("Flatten", {}), HEAD),
        "RepeatVector needs plain",
        "Insert a Flatten",
    ),
]


@pytest.mark.parametrize(("shape", "layers", "words", "label"), FAULTS)
def test_that_a_fault_is_told_in_words_and_mended_by_its_repair(
    shape: tuple[int, ...], layers: tuple[tuple[str, dict[str, Any]], ...], words: str, label: str
) -> None:
    graph = stack(*layers)
    report = check(project(graph, shape))
    assert not report.ok
    problem = next(problem for problem in report.problems if problem.severity == "error")
    assert problem.message.startswith(words)
    assert "None" not in problem.message
    assert problem.repair is not None
    assert problem.repair.label == label
    for _ in range(4):
        repair = next((one.repair for one in check(project(graph, shape)).problems if one.repair), None)
        if repair is None:
            break
        graph = edits.apply_repair(graph, repair)
    assert check(project(graph, shape)).problems == ()
    assert build_model(graph, info(shape)).output_shape == (None, 10)


def test_that_two_sides_of_an_add_are_told_by_their_shapes() -> None:
    graph, first = edits.append(edits.blank(), "Dense", {"units": 9})
    graph, merge = edits.append(graph, "Add")
    graph, _ = edits.append(graph, *HEAD)
    graph = edits.connect(graph, graph.input.id, merge)
    report = check(project(graph, (8,)))
    assert report.problems[0].message == "Add needs inputs of one shape, but gets 9 and 8."
    assert report.by_id[merge].error == report.problems[0].message
    assert report.by_id[first].output_shape == (9,)
    assert report.by_id[graph.order[-1]].output_shape is None


def test_that_an_embedding_must_know_every_word_of_the_data() -> None:
    graph = stack(("Embedding", {"input_dim": 50}), ("Flatten", {}), HEAD)
    data = project(graph, (8,), integer=True, vocabulary=90)
    report = check(data)
    assert report.problems[0].message.startswith("The data hold numbers up to 89, but this Embedding knows only")
    assert check(data.model_copy(update={"graph": edits.apply_repair(graph, report.problems[0].repair)})).ok


def test_that_without_data_the_rules_are_told_and_no_shapes() -> None:
    report = check(Project(graph=stack(("Dense", {"units": -1}))))
    assert report.problems[0].message == "No data are picked yet."
    assert len(report.problems) == 2
    assert {node.output_shape for node in report.nodes} == {None}


def test_that_a_loss_that_does_not_fit_is_told() -> None:
    settings = TrainingSettings(loss="binary_crossentropy")
    report = check(project(stack(HEAD), (8,)).model_copy(update={"training": settings}))
    assert report.problems[0].message == "The loss must be one that fits 10 classes. It is binary_crossentropy."


def test_that_the_report_is_the_contract_of_the_command_line() -> None:
    graph = stack(("Flatten", {}), ("Dropout", {}), HEAD)
    graph, loose = edits.add(graph, "Dense", {"units": 500})
    graph = edits.connect(graph, graph.input.id, loose)
    record = json.loads(json.dumps(jsonable(check(project(graph, (8, 8, 1))).to_json())))
    assert record["ok"] is True
    assert record["total_params"] == record["trainable_params"] == 650
    by_layer = {node["layer"]: node for node in record["nodes"]}
    assert by_layer["Input"]["output_shape"] == [8, 8, 1]
    assert by_layer["Flatten"]["output_shape"] == [64]
    assert by_layer["Output"]["output_shape"] == [10]
    assert record["problems"] == [
        {
            "node": loose,
            "message": "This layer leads nowhere, so the network goes without it.",
            "fix": "Remove dense_1",
            "severity": "warning",
        }
    ]


def test_that_frozen_layers_do_not_count_as_trainable() -> None:
    report = check(project(stack(("Dense", {"units": 5, "trainable": False}), HEAD), (8,)))
    assert (report.total_params, report.trainable_params) == (105, 60)


@pytest.mark.parametrize(
    "data",
    [
        info((8, 8, 1)),
        info((28, 28, 1)),
        info((32, 32, 3)),
        info((120, 90, 3), classes=2),
        info((13,), classes=3),
        info((13,), classes=0),
        info((30, 4)),
        info((40,), integer=True, vocabulary=900),
    ],
)
def test_that_every_architecture_fits_the_data_it_is_offered_for(data: DatasetInfo) -> None:
    found = architectures(data)
    assert found
    for preset in found:
        fitted = with_architecture(Project(info=data), preset)
        report = check(fitted)
        assert report.problems == (), preset.name
        if len(report.nodes) < 50 and report.total_params < 2_000_000:
            assert build_model(fitted.graph, data).count_params() == report.total_params


def test_that_words_of_keras_lose_their_batch_axis_and_colours() -> None:
    told = (
        "Exception encountered when calling Foo.call().\n\n\x1b[1mThe `inputs` of (None, 8, 8, 3) do not "
        "match [None, 4]\x1b[0m\n\nArguments received by Foo.call():\n  • args=('<KerasTensor shape=(None, 8)>',)"
    )
    assert plain(told) == "The inputs of 8×8×3 do not match 4."
