"""What one can begin with: shipped architectures and whole projects, in the same schema as a user's own."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Literal

from pydantic import BaseModel, ConfigDict

from workbench.core.errors import ProjectError, UsageError
from workbench.core.validation import validated
from workbench.data.spec import DatasetInfo, DatasetSpec, Kind, Task
from workbench.graph.rules import fit_head
from workbench.project.migrations import migrate
from workbench.project.model import Project

Group = Literal["architecture", "project"]


class Suits(BaseModel):
    """Which data an architecture is for.

    `min_size` is the least height and width of a picture; `rank` the number of axes of an array's sample; `integer`
    asks for whole numbers that stand for words.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kinds: tuple[Kind, ...]
    task: Task | None = None
    min_size: int = 1
    rank: int | None = None
    integer: bool = False

    def fits(self, info: DatasetInfo) -> bool:
        """Whether data of this kind can go in."""
        return (
            info.kind in self.kinds
            and self.task in (None, info.task)
            and (info.kind != "image" or min(info.input_shape[:2]) >= self.min_size)
            and (self.rank is None or len(info.input_shape) == self.rank)
            and self.integer == info.integer_input
        )


class Preset(BaseModel):
    """A named beginning. A project preset has a dataset; an architecture takes yours."""

    model_config = ConfigDict(frozen=True)

    name: str
    group: Group
    title: str
    description: str
    suits: Suits
    project: Project

    def to_json(self) -> dict[str, object]:
        """What `workbench presets` tells of it."""
        return {
            "name": self.name,
            "group": self.group,
            "title": self.title,
            "description": self.description,
            "kinds": list(self.suits.kinds),
            "task": self.suits.task,
            "dataset": self.project.dataset.location if self.project.dataset else None,
            "layers": len(self.project.graph.nodes) - 2,
        }


@cache
def _read(group: Group) -> tuple[Preset, ...]:
    folder = resources.files("presets").joinpath(f"{group}s")
    found = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not entry.name.endswith(".json"):
            continue
        record = json.loads(entry.read_text(encoding="utf-8"))
        record["project"] = migrate(record["project"], entry.name)
        record |= {"name": entry.name.removesuffix(".json"), "group": group}
        found.append(validated(Preset, record, f"The preset {entry.name}", ProjectError, "Reinstall the program."))
    return tuple(found)


def architectures(info: DatasetInfo | None = None) -> tuple[Preset, ...]:
    """The architectures, or those that suit the data."""
    return tuple(preset for preset in _read("architecture") if info is None or preset.suits.fits(info))


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
    graph = fit_head(chosen.project.graph, info) if info is not None else chosen.project.graph
    return project.model_copy(update={"graph": graph, "training": chosen.project.training})


def with_data(project: Project, spec: DatasetSpec, info: DatasetInfo) -> Project:
    """The project with other data; its head fitted to them."""
    graph = fit_head(project.graph, info)
    return project.model_copy(update={"dataset": spec, "info": info, "graph": graph})
