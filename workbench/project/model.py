"""The project document: everything the user decides, immutable, and plain JSON on disk."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from workbench.data.spec import DatasetInfo, DatasetSpec, Preparation
from workbench.graph.edits import blank
from workbench.graph.model import Graph
from workbench.project.training import TrainingSettings

FORMAT_VERSION = 2


class Project(BaseModel):
    """One user's work: what is picked, what is drawn, how it is trained.

    `info` is what was found in `dataset` when it was picked, so that the drawing can be checked without the data.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field("untitled", min_length=1)
    dataset: DatasetSpec | None = None
    info: DatasetInfo | None = None
    graph: Graph = Field(default_factory=blank)
    training: TrainingSettings = TrainingSettings()

    def to_json(self) -> dict[str, Any]:
        """The document as `project.json` holds it."""
        return {"version": FORMAT_VERSION, **self.model_dump(mode="json")}


class Origin(BaseModel):
    """Where a branched run begins: another run's state after one of its epochs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    run: str
    epoch: int = Field(ge=0)


class PlannedChange(BaseModel):
    """What was set otherwise while a run went on, to be done again: from batch `step` of epoch `epoch` on, from 1."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    epoch: int = Field(ge=1)
    step: int = Field(ge=1)
    what: Literal["learning_rate", "epochs"]
    value: float


class TrainPlan(BaseModel):
    """A frozen order to train: all that a run needs, as JSON, so that another process could carry it out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    run: str
    project: Project
    created: str = Field(description="ISO 8601, UTC.")
    versions: dict[str, str] = Field(default_factory=dict)
    origin: Origin | None = Field(None, description="The checkpoint that the run begins from, where it was branched.")
    changes: tuple[PlannedChange, ...] = Field((), description="Of a run that is done again: what was changed in it.")
    again: str = Field("", description="The run that is done again.")


class RunRecord(BaseModel):
    """What became of a run: `runs/<id>/run.json`; `resumable` as its last word told."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    run: str
    created: str
    outcome: Literal["queued", "running", "done", "stopped", "failed", "interrupted"] = "running"
    message: str = ""
    hint: str = ""
    epochs: int = 0
    best_epoch: int | None = None
    metrics: dict[str, float | None] = Field(default_factory=dict)
    seconds: float = 0.0
    params: int = 0
    device: str = ""
    resumable: bool = False
    preparation: Preparation | None = None


class RunNotes(BaseModel):
    """What a person says of a run: `runs/<id>/notes.json`, apart from the record, which the training writes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str = ""
    note: str = ""
    tags: tuple[str, ...] = ()
    starred: bool = False
