"""The project document: everything the user decides, immutable, and plain JSON on disk."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from workbench.data.spec import DatasetInfo, DatasetSpec, Preparation
from workbench.graph.edits import blank
from workbench.graph.model import Graph

FORMAT_VERSION = 1


class EarlyStopping(BaseModel):
    """Keras's EarlyStopping: end the run when the monitored figure no longer improves."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    enabled: bool = Field(True, description="End the run when the validation loss no longer improves.")
    patience: int = Field(10, ge=1, le=10_000, description="How many epochs without improvement are waited for.")
    min_delta: float = Field(0.0, ge=0, description="Improvements smaller than this do not count.")


class TrainingSettings(BaseModel):
    """The plan of a training. Each field's description is the sentence that the form shows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    epochs: int = Field(20, ge=1, le=100_000, description="How often the network sees every training sample.")
    batch_size: int = Field(
        32, ge=1, le=1_000_000, description="Samples a step. Larger is faster; smaller often generalises better."
    )
    optimizer: Literal["sgd", "momentum", "nesterov", "adam", "adamw", "rmsprop", "adagrad"] = Field(
        "adam", description="The rule that turns gradients into steps. Adam works well almost everywhere."
    )
    learning_rate: float = Field(
        0.001, gt=0, le=100, description="The size of a step. Too high and the loss jumps; too low and it crawls."
    )
    momentum: float = Field(
        0.9, ge=0, lt=1, description="For Momentum and Nesterov: how much of the last step is kept."
    )
    weight_decay: float = Field(0.004, ge=0, le=1, description="For AdamW: how fast weights shrink towards zero.")
    loss: str = Field("auto", description="What is made small. 'auto' takes the one that fits the task.")
    metrics: tuple[str, ...] = Field(("auto",), description="What is measured beside the loss. 'auto' fits the task.")
    seed: int = Field(0, ge=0, le=2**31 - 1, description="The same seed gives the same start and the same order.")
    early_stopping: EarlyStopping = EarlyStopping()
    device: str = Field(
        "auto",
        pattern=r"^(auto|cpu|gpu:\d+)$",
        description="'auto' takes the first GPU where there is one, else the CPU.",
    )


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


class TrainPlan(BaseModel):
    """A frozen order to train: all that a run needs, as JSON, so that another process could carry it out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    run: str
    project: Project
    created: str = Field(description="ISO 8601, UTC.")
    versions: dict[str, str] = Field(default_factory=dict)


class RunRecord(BaseModel):
    """What became of a run: `runs/<id>/run.json`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    run: str
    created: str
    outcome: Literal["running", "done", "stopped", "failed"] = "running"
    message: str = ""
    hint: str = ""
    epochs: int = 0
    best_epoch: int | None = None
    metrics: dict[str, float | None] = Field(default_factory=dict)
    seconds: float = 0.0
    params: int = 0
    device: str = ""
    preparation: Preparation | None = None
    note: str = ""
