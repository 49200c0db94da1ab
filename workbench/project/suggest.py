"""A first architecture and settings that train well as they are, told from the data alone."""

from __future__ import annotations

from workbench.core.errors import UsageError
from workbench.data.spec import DatasetInfo, DatasetSpec
from workbench.graph.model import Graph
from workbench.project.model import Project
from workbench.project.presets import architectures, preset, with_architecture, with_data
from workbench.project.training import TrainingSettings


def suggested_name(info: DatasetInfo) -> str:
    """The name of the architecture preset that suits the data best.

    Raises:
        UsageError: None suits.
    """
    found = architectures(info)
    if not found:
        shape = "×".join(str(size) for size in info.input_shape)
        raise UsageError("There is no architecture for data of this kind.", f"{info.kind} data of shape {shape}", "")
    return found[0].name


def suggest(info: DatasetInfo) -> tuple[Graph, TrainingSettings]:
    """An architecture fitted to the data, and settings for their size.

    Small data get small batches and many epochs, large data the reverse; early stopping ends what no longer helps.
    """
    project = with_architecture(Project(info=info), preset(suggested_name(info)))
    return project.graph, _settings_for(info, project.training)


def _settings_for(info: DatasetInfo, training: TrainingSettings) -> TrainingSettings:
    samples = info.train_samples
    batch_size = 16 if samples < 500 else 32 if samples < 5_000 else 64 if samples < 20_000 else 128
    return training.model_copy(update={"batch_size": batch_size})


def suggested_project(project: Project, spec: DatasetSpec, info: DatasetInfo) -> Project:
    """The project with data, and the suggested architecture and settings for them."""
    graph, training = suggest(info)
    return with_data(project.model_copy(update={"graph": graph, "training": training}), spec, info)
