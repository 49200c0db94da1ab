"""A first architecture and settings that train well as they are, told from the data alone."""

from __future__ import annotations

from workbench.data.spec import DatasetInfo, DatasetSpec
from workbench.graph.edits import set_params
from workbench.graph.model import Graph
from workbench.project.model import Project, TrainingSettings
from workbench.project.presets import preset, with_architecture, with_data


def suggested_name(info: DatasetInfo) -> str:
    """The name of the architecture preset that suits the data best."""
    if info.kind == "table":
        return "tabular-mlp" if info.task == "classification" else "tabular-regression"
    if info.kind == "image":
        size = min(info.input_shape[:2])
        return "compact-cnn" if size < 16 else "small-vgg" if size < 48 else "picture-cnn"
    if info.integer_input:
        return "embedding-lstm"
    return "lstm" if len(info.input_shape) == 2 else "mlp"


def suggest(info: DatasetInfo) -> tuple[Graph, TrainingSettings]:
    """An architecture fitted to the data, and settings for their size.

    Small data get small batches and many epochs, large data the reverse; early stopping ends what no longer helps.
    """
    project = with_architecture(Project(info=info), preset(suggested_name(info)))
    graph = project.graph
    for node in graph.of_layer("Embedding"):
        graph = set_params(graph, node.id, {"input_dim": max(info.vocabulary, 2)})
    return graph, _settings_for(info, project.training)


def _settings_for(info: DatasetInfo, training: TrainingSettings) -> TrainingSettings:
    samples = info.train_samples
    batch_size = 16 if samples < 500 else 32 if samples < 5_000 else 64 if samples < 20_000 else 128
    return training.model_copy(update={"batch_size": batch_size})


def suggested_project(project: Project, spec: DatasetSpec, info: DatasetInfo) -> Project:
    """The project with data, and the suggested architecture and settings for them."""
    graph, training = suggest(info)
    return with_data(project, spec, info).model_copy(update={"graph": graph, "training": training})
