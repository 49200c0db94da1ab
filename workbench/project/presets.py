"""What one can begin with: shipped architectures and whole projects, in the same schema as a user's own."""

from __future__ import annotations

import json
from functools import cache, cached_property
from importlib import resources
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from workbench.core.errors import ProjectError, UsageError
from workbench.core.validation import validated
from workbench.data.spec import DatasetInfo, DatasetSpec, Kind, Task
from workbench.graph.edits import set_params
from workbench.graph.model import INPUT, Graph
from workbench.graph.rules import fit_head
from workbench.project.heads import with_heads
from workbench.project.migrations import migrate
from workbench.project.model import Project

Group = Literal["architecture", "project"]

# From this place on an architecture is one as published.
LARGE = 100


class Suits(BaseModel):
    """Which data an architecture is for.

    `min_size` is the least height and width of a picture, which must be a multiple of `multiple`; `best` the sizes
    for which it is among the first to try; `rank` the number of axes of an array's sample; `integer` asks for whole
    numbers that stand for words.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kinds: tuple[Kind, ...]
    task: Task | None = None
    min_size: int = 1
    multiple: int = 1
    best: tuple[int, int] | None = None
    rank: int | None = None
    integer: bool = False

    def fits(self, info: DatasetInfo) -> bool:
        """Whether data of this kind can go in."""
        return (
            info.kind in self.kinds
            and self.task in (None, info.task)
            and self.rank in (None, len(info.input_shape))
            and all(size >= self.min_size and size % self.multiple == 0 for size in _picture_size(info))
            and self.integer == info.integer_input
        )

    def well(self, info: DatasetInfo) -> bool:
        """Whether it is among the first to try for pictures of this size."""
        sizes = _picture_size(info)
        return self.best is None or not sizes or self.best[0] <= min(sizes) <= self.best[1]


def _picture_size(info: DatasetInfo) -> tuple[int, ...]:
    """Height and width where a sample is a picture, or a series of pictures."""
    if info.kind == "image":
        return info.input_shape[:2]
    return info.input_shape[1:3] if info.kind == "array" and len(info.input_shape) == 4 else ()


class Paper(BaseModel):
    """Where an architecture was first told of."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    authors: str
    year: int
    title: str
    arxiv: str | None = None

    @property
    def cited(self) -> str:
        """The paper in one line."""
        return f"{self.authors} ({self.year}): {self.title}." + (f" arXiv:{self.arxiv}" if self.arxiv else "")


class Preset(BaseModel):
    """A named beginning. A project preset has a dataset; an architecture takes yours.

    Args:
        order: Among those that suit the data, the lowest comes first; among equals, the smallest.
        paper: What it is from.
        published_parameters: How many weights that learn are published of it.
        note: In what it differs from its paper.
        parameters: How many numbers it keeps on the data that it is measured with.
        reference_input: One sample of those data.
        reference_classes: How many classes they have; 0 for a value.
        reference_vocabulary: For words: how many there are.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    group: Group
    title: str
    description: str
    suits: Suits
    order: int = 0
    paper: Paper | None = None
    published_parameters: int | None = None
    note: str = ""
    parameters: int | None = None
    reference_input: tuple[int, ...] = ()
    reference_classes: int = 10
    reference_vocabulary: int = 0
    content: dict[str, Any] = Field(alias="project", repr=False)

    @cached_property
    def project(self) -> Project:
        """The project it begins with, read when it is asked for: there are many presets, and large ones."""
        file = f"The preset {self.name}"
        return validated(Project, migrate(self.content, file), file, ProjectError, "Reinstall the program.")

    @property
    def as_published(self) -> bool:
        """Whether it is a network as its paper has it, to be tried after those made for the data's size."""
        return self.order >= LARGE

    @property
    def layers(self) -> int:
        """How many layers it has."""
        return len(self.content["graph"]["nodes"]) - 2

    @property
    def reference(self) -> DatasetInfo:
        """Data to measure it with, as its paper does."""
        task: Task = "classification" if self.reference_classes else "regression"
        return DatasetInfo(
            title=self.title,
            kind=self.suits.kinds[0],
            task=task,
            input_shape=self.reference_input,
            integer_input=self.suits.integer,
            vocabulary=self.reference_vocabulary,
            classes=tuple(str(number) for number in range(self.reference_classes)),
            samples=1000,
            train_samples=700,
            validation_samples=150,
            test_samples=150,
        )

    def to_json(self) -> dict[str, object]:
        """What `workbench presets` tells of it."""
        dataset = self.content.get("dataset")
        return {
            "name": self.name,
            "group": self.group,
            "title": self.title,
            "description": self.description,
            "kinds": list(self.suits.kinds),
            "task": self.suits.task,
            "dataset": dataset["location"] if dataset else None,
            "layers": self.layers,
            "parameters": self.parameters,
            "published_parameters": self.published_parameters,
            "paper": self.paper.model_dump() if self.paper else None,
            "note": self.note,
        }


@cache
def _read(group: Group) -> tuple[Preset, ...]:
    folder = resources.files("presets").joinpath(f"{group}s")
    found = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not entry.name.endswith(".json"):
            continue
        record = json.loads(entry.read_text(encoding="utf-8"))
        record |= {"name": entry.name.removesuffix(".json"), "group": group}
        found.append(validated(Preset, record, f"The preset {entry.name}", ProjectError, "Reinstall the program."))
    return tuple(found)


def architectures(info: DatasetInfo | None = None) -> tuple[Preset, ...]:
    """The architectures, or those that suit the data; the first to try come first, the largest last."""
    found = (preset for preset in _read("architecture") if info is None or preset.suits.fits(info))

    def place(preset: Preset) -> tuple[bool, int, int]:
        away = info is not None and not preset.suits.well(info)
        return away or preset.as_published, preset.order, preset.parameters or 0

    return tuple(sorted(found, key=place))


def project_presets() -> tuple[Preset, ...]:
    """The whole projects."""
    return _read("project")


def preset(name: str) -> Preset:
    """The preset of that name.

    Raises:
        UsageError: There is none.
    """
    everything = (*project_presets(), *architectures())
    found = next((preset for preset in everything if preset.name == name), None)
    if found is None:
        names = ", ".join(preset.name for preset in everything)
        raise UsageError("A preset is chosen by its name.", repr(name), f"There is: {names}.")
    return found


def with_architecture(project: Project, chosen: Preset) -> Project:
    """The project with a preset's drawing and settings; its head fitted to the data.

    Raises:
        UsageError: The architecture does not suit the data.
    """
    info = project.info
    if info is not None and not chosen.suits.fits(info):
        names = ", ".join(preset.name for preset in architectures(info)) or "none"
        shape = "×".join(str(size) for size in info.input_shape)
        raise UsageError(
            f"The preset {chosen.name} is for other data.",
            f"{info.kind} data of shape {shape} for {info.task}",
            f"These suit: {names}.",
        )
    graph = chosen.project.graph
    if info is not None:
        graph = fit_vocabulary(fit_head(graph, info), info)
    return with_heads(project.model_copy(update={"graph": graph, "training": chosen.project.training}))


def fit_vocabulary(graph: Graph, info: DatasetInfo) -> Graph:
    """The graph with as many words in what looks them up as the data have."""
    for node in graph.of_layer("Embedding"):
        fed = [graph.by_id[link.source].layer for link in graph.incoming[node.id]]
        if info.vocabulary and fed == [INPUT]:
            graph = set_params(graph, node.id, {"input_dim": max(info.vocabulary, 2)})
    return graph


def with_data(project: Project, spec: DatasetSpec, info: DatasetInfo) -> Project:
    """The project with other data; its heads fitted to them, with one for each target that was none before."""
    known = [target.name for target in project.info.further] if project.info is not None else ()
    return with_heads(project.model_copy(update={"dataset": spec, "info": info}), known)
