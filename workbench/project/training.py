"""The plan of a training as the user sets it: plain JSON; each description is the sentence of its form field."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from workbench.catalog.objects import checked_params
from workbench.catalog.optimizers import optimizer_spec, optimizers
from workbench.catalog.schedules import CONSTANT, schedule_spec, schedules
from workbench.core.errors import UsageError
from workbench.core.params import Param

MOST_EPOCHS = 100_000
LARGEST_WEIGHT = 1e9
"""Beyond this a weight is surely a mistake."""


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def _require(title: str, params: tuple[Param, ...], given: dict[str, Any]) -> None:
    try:
        checked_params(title, params, given)
    except UsageError as error:
        raise ValueError(f"{error.rule} Received: {error.received}. {error.hint}") from None


class Schedule(_Settings):
    """How the learning rate moves during the run: one of Keras's schedules, and a warm-up before it."""

    name: str = Field(CONSTANT, description="How the learning rate moves during the run.")
    params: dict[str, Any] = Field(
        default_factory=dict, description="What was set of the schedule's own settings; its lengths count epochs."
    )
    warmup_epochs: float = Field(
        0.0, ge=0, le=MOST_EPOCHS, description="For so many epochs the rate rises evenly from near zero to its value."
    )

    @model_validator(mode="after")
    def _known(self) -> Schedule:
        spec = schedule_spec(self.name)
        if spec is None:
            raise ValueError("the schedule must be one of " + ", ".join(spec.name for spec in schedules()))
        _require(spec.title, spec.params, self.params)
        return self


class Gradients(_Settings):
    """What is done to the gradients before the optimizer uses them."""

    clip: Literal["off", "value", "norm", "global_norm"] = Field(
        "off", description="Cuts gradients that are too large: each number, each weight's norm, or the norm of all."
    )
    clip_at: float = Field(1.0, gt=0, le=LARGEST_WEIGHT, description="Where gradients are cut.")
    accumulate: int = Field(
        1,
        ge=1,
        le=100_000,
        description="Gradients of so many batches are averaged into one step: a large batch in parts.",
    )
    loss_scale: float | None = Field(
        None,
        ge=1e-9,
        le=LARGEST_WEIGHT,
        description="Multiplies the loss while gradients are found. Not set: float16 chooses one by itself.",
    )


class Averaging(_Settings):
    """An exponential moving average of the weights (Polyak and Juditsky 1992), which replaces them in the end."""

    enabled: bool = Field(False, description="Keep a moving average of the weights; the model ends with the average.")
    momentum: float = Field(0.99, ge=0, lt=1, description="How much of the average is kept at each step.")
    every: int | None = Field(
        None, ge=1, le=10**9, description="Put the average in the weights' place every so many steps."
    )


class EarlyStopping(_Settings):
    """Keras's EarlyStopping: end the run when the monitored figure no longer improves."""

    enabled: bool = Field(True, description="End the run when a figure no longer improves.")
    monitor: str = Field("auto", description="Which figure. 'auto': validation loss, else loss.")
    patience: int = Field(10, ge=1, le=10_000, description="How many epochs without improvement are waited for.")
    min_delta: float = Field(0.0, ge=0, le=LARGEST_WEIGHT, description="Improvements smaller than this do not count.")
    start_from_epoch: int = Field(0, ge=0, le=MOST_EPOCHS, description="Nothing is judged before this many epochs.")


class ReduceOnPlateau(_Settings):
    """Keras's ReduceLROnPlateau: a smaller learning rate when the monitored figure no longer improves."""

    enabled: bool = Field(False, description="Lower the learning rate when a figure no longer improves.")
    monitor: str = Field("auto", description="Which figure. 'auto': validation loss, else loss.")
    factor: float = Field(0.1, gt=0, lt=1, description="What the learning rate is multiplied by.")
    patience: int = Field(5, ge=1, le=10_000, description="How many epochs without improvement are waited for.")
    min_delta: float = Field(
        0.0001, ge=0, le=LARGEST_WEIGHT, description="Improvements smaller than this do not count."
    )
    cooldown: int = Field(0, ge=0, le=MOST_EPOCHS, description="So many epochs are let pass after each lowering.")
    min_lr: float = Field(0.0, ge=0, le=100, description="The learning rate never falls below this.")


class Checkpoints(_Settings):
    """What is kept while a run goes on: always the best model and the newest state; further states if asked for."""

    monitor: str = Field(
        "auto", description="The figure that tells which epoch was best. 'auto': validation loss, else loss."
    )
    every: int = Field(
        0,
        ge=0,
        le=MOST_EPOCHS,
        description="Also keep the state of every so many epochs, to branch from. 0: only the newest.",
    )
    minutes: float = Field(
        2.0,
        gt=0,
        le=100_000,
        description="In epochs longer than this the state is also kept midway: at most this much is lost.",
    )


class Logs(_Settings):
    """Files for other programs, in the run's folder."""

    csv: bool = Field(True, description="Write each epoch's figures as a row of epochs.csv.")
    tensorboard: bool = Field(True, description="Write event files that TensorBoard opens.")


class Watch(_Settings):
    """What is looked at while the run goes on; each costs a little time."""

    statistics: bool = Field(False, description="After each epoch, the spread of every layer's weights and gradients.")
    samples: int = Field(
        4, ge=0, le=32, description="So many samples are shown with their prediction after each epoch."
    )
    doctor: bool = Field(True, description="Look for what goes wrong while the run goes on, and say what helps.")


class Phase(_Settings):
    """A stage of the run, with weights of its own that learn (fine-tuning in stages: Howard and Ruder 2018)."""

    name: str = Field("", description="A word for the stage.")
    epochs: int = Field(5, ge=1, le=MOST_EPOCHS, description="How long it lasts.")
    learning_rate: float | None = Field(None, gt=0, le=100, description="Its learning rate. Not set: the plan's.")
    frozen: tuple[str, ...] = Field(
        (), description="The layers, by name, whose weights stay as they are in this stage."
    )


class OutputSettings(_Settings):
    """What one of several outputs learns, and what it is compared with."""

    target: str = Field("", description="What this output learns. Not set: the main target.")
    loss: str = Field("auto", description="What is made small for this output.")
    weight: float = Field(1.0, ge=0, le=LARGEST_WEIGHT, description="How much this output's loss counts in the sum.")
    metrics: tuple[str, ...] = Field(("auto",), description="What is measured at this output.")


class TrainingSettings(_Settings):
    """The plan of a training."""

    epochs: int = Field(20, ge=1, le=MOST_EPOCHS, description="How often the network sees every training sample.")
    batch_size: int = Field(
        32, ge=1, le=1_000_000, description="Samples a step. Larger is faster; smaller often generalises better."
    )
    optimizer: str = Field(
        "adam", description="The rule that turns gradients into steps. Adam works well almost everywhere."
    )
    optimizer_params: dict[str, Any] = Field(
        default_factory=dict, description="What was set of the optimizer's own settings."
    )
    learning_rate: float = Field(
        0.001, gt=0, le=100, description="The size of a step. Too high and the loss jumps; too low and it crawls."
    )
    weight_decay: float | None = Field(
        None, ge=0, le=1, description="How fast weights shrink towards zero. Not set: as the optimizer has it."
    )
    loss: str = Field("auto", description="What is made small. 'auto' takes the one that fits the task.")
    loss_params: dict[str, Any] = Field(default_factory=dict, description="What was set of the loss's own settings.")
    metrics: tuple[str, ...] = Field(("auto",), description="What is measured beside the loss. 'auto' fits the task.")
    metric_params: dict[str, dict[str, Any]] = Field(
        default_factory=dict, description="What was set of the metrics' own settings, by metric."
    )
    outputs: dict[str, OutputSettings] = Field(
        default_factory=dict, description="For several outputs: what differs, by the name of the Output."
    )
    class_weights: Literal["equal", "balanced", "custom"] = Field(
        "equal",
        description="Let rare classes count more. 'balanced' weighs each by its rarity in the training part. "
        "Weights of the samples, a choice of the data, are multiplied by these.",
    )
    class_weight: dict[str, float] = Field(
        default_factory=dict, description="For 'custom': how much each class counts; 1 where it is not named."
    )
    seed: int = Field(0, ge=0, le=2**31 - 1, description="The same seed gives the same start and the same order.")
    schedule: Schedule = Schedule()
    gradients: Gradients = Gradients()
    averaging: Averaging = Averaging()
    early_stopping: EarlyStopping = EarlyStopping()
    reduce_on_plateau: ReduceOnPlateau = ReduceOnPlateau()
    phases: tuple[Phase, ...] = Field(
        (), description="Stages that take the place of the epochs above, one after another."
    )
    checkpoints: Checkpoints = Checkpoints()
    logs: Logs = Logs()
    watch: Watch = Watch()
    terminate_on_nan: bool = Field(True, description="End the run when the loss or a weight is no longer a number.")
    precision: Literal["float32", "mixed_float16", "mixed_bfloat16"] = Field(
        "float32", description="Mixed precision computes in 16 bits and keeps weights in 32: faster on newer GPUs."
    )
    jit: Literal["auto", "on", "off"] = Field(
        "auto",
        description="Compile with XLA: often faster on a GPU, seldom on a CPU. 'auto' does as Keras: on one GPU, where "
        "all layers allow it and 'deterministic' is off; never on a CPU. What cannot be compiled is trained without.",
    )
    deterministic: bool = Field(
        False, description="Only operations that give the same bits every time; slower on a GPU."
    )
    device: str = Field(
        "auto",
        pattern=r"^(auto|cpu|gpu:\d+|all)$",
        description="'auto' takes the first GPU where there is one, else the CPU; 'all' every GPU at once.",
    )
    executor: Literal["thread", "process"] = Field(
        "thread",
        description="'process' trains in a process of its own: it survives this window and frees all memory. "
        "One is kept ready (about 270 MB), so that a run begins at once.",
    )

    @field_validator("optimizer")
    @classmethod
    def _known(cls, name: str) -> str:
        if optimizer_spec(name) is None:
            raise ValueError("one of " + ", ".join(spec.name for spec in optimizers()))
        return name

    @model_validator(mode="after")
    def _fitting(self) -> TrainingSettings:
        spec = optimizer_spec(self.optimizer)
        if spec is not None:
            _require(spec.title, spec.params, self.optimizer_params)
        return self

    @property
    def total_epochs(self) -> int:
        """How many epochs the plan has: those of its phases, where it has any."""
        return sum(phase.epochs for phase in self.phases) or self.epochs
