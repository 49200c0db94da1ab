"""The dataset documents: what was picked, what was found in it, and how it is prepared."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Kind = Literal["image", "table", "array"]
Task = Literal["classification", "regression"]
Source = Literal["builtin", "download", "image_folder", "csv", "npz"]


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SplitSpec(_Document):
    """How the samples are parted. The three parts add up to 1; the same seed gives the same parts."""

    train: float = Field(0.7, gt=0, lt=1, description="Part of the samples that the network learns from.")
    validation: float = Field(0.15, gt=0, lt=1, description="Part that chooses the best epoch.")
    test: float = Field(0.15, gt=0, lt=1, description="Part kept untouched for the final figure.")
    seed: int = Field(0, ge=0, le=2**31 - 1, description="The same seed gives the same parts.")
    stratify: bool = Field(True, description="Keep the share of each class the same in all three parts.")

    @model_validator(mode="after")
    def _adds_up(self) -> SplitSpec:
        if abs(self.train + self.validation + self.test - 1) > 1e-6:
            raise ValueError(
                f"the three parts must add up to 1, received {self.train:g} + {self.validation:g} + {self.test:g}"
            )
        return self


class FurtherTarget(_Document):
    """A column or array to be learnt beside the main target, by an output of its own."""

    name: str = Field(description="Its column's or array's name.")
    task: Task | None = Field(None, description="Told from the target when not set.")


class DatasetSpec(_Document):
    """What the user picked, and every choice made about it. `None` means: found from the data."""

    source: Source
    location: str = Field(description="A built-in name, or the absolute path of a folder or file.")
    target: str | int | None = Field(None, description="Column to predict: its name, or its number from 0.")
    further: tuple[FurtherTarget, ...] = Field(
        (), description="Columns or arrays that are learnt beside the target, each by an output of its own."
    )
    weight_column: str | None = Field(
        None, description="Column or array that says how much each sample counts; all alike when not set."
    )
    task: Task | None = Field(None, description="Told from the target when not set.")
    header: bool | None = Field(None, description="Whether a CSV's first row names the columns.")
    delimiter: str | None = Field(None, min_length=1, max_length=1, description="What parts a CSV's columns.")
    encoding: str | None = Field(None, description="A text file's character set.")
    ignored: tuple[str, ...] = Field((), description="Columns left out.")
    categorical: tuple[str, ...] = Field((), description="Numeric columns to treat as categories.")
    used: tuple[str, ...] = Field((), description="Columns used although they look useless.")
    height: int | None = Field(None, ge=1, le=1024, description="Pictures are resized to this height, in pixels.")
    width: int | None = Field(None, ge=1, le=1024, description="Pictures are resized to this width, in pixels.")
    color: Literal["grayscale", "rgb"] | None = Field(None, description="Grey or colour pictures.")
    split: SplitSpec = SplitSpec()


class DataProblem(_Document):
    """Something found in the data, and what to do about it. An "error" stops training; a "warning" does not."""

    message: str
    remedy: str = ""
    severity: Literal["error", "warning"] = "warning"
    items: tuple[str, ...] = Field((), description="Files, columns or rows concerned; at most twenty are named.")


class ColumnInfo(_Document):
    """What is known of one column of a table."""

    name: str
    kind: Literal["numeric", "categorical", "ignored", "target", "further", "weight"]
    missing: int = 0
    distinct: int = 0
    example: str = ""


class TargetInfo(_Document):
    """What was found of one target; `classes` is empty for regression, `range` None for classification."""

    name: str
    task: Task
    classes: tuple[str, ...] = ()
    class_counts: tuple[int, ...] = ()
    range: tuple[float, float] | None = None

    @property
    def outputs(self) -> int:
        """How many numbers an output must put out for it: one a class, or one value."""
        return len(self.classes) if self.task == "classification" else 1


class DatasetInfo(_Document):
    """What was found in a dataset.

    `input_shape` is one sample's shape as the model gets it, the batch axis apart: (height, width, channels) for
    pictures, (features,) for tables after encoding. `classes` is empty for regression. `task`, `classes`,
    `class_counts`, `target` and `target_range` are of the main target; `further` are the others, in the spec's order.
    """

    title: str
    kind: Kind
    task: Task
    input_shape: tuple[int, ...]
    integer_input: bool = Field(False, description="Whether the samples are whole numbers meant for an Embedding.")
    vocabulary: int = Field(0, description="For integer input: one more than the largest number.")
    classes: tuple[str, ...] = ()
    class_counts: tuple[int, ...] = ()
    target: str = ""
    weight: str = Field("", description="The column or array of the samples' weights; empty where all count alike.")
    weight_choices: tuple[str, ...] = Field((), description="The columns or arrays that may hold them.")
    target_range: tuple[float, float] | None = None
    further: tuple[TargetInfo, ...] = ()
    further_choices: tuple[str, ...] = Field((), description="The columns or arrays that may be learnt beside it.")
    samples: int
    train_samples: int
    validation_samples: int
    test_samples: int
    columns: tuple[ColumnInfo, ...] = ()
    features: tuple[str, ...] = Field((), description="For tables: the column that each number of a sample comes from.")
    problems: tuple[DataProblem, ...] = ()

    @property
    def outputs(self) -> int:
        """How many numbers the main output must put out: one a class, or one value."""
        return self.main.outputs

    @property
    def main(self) -> TargetInfo:
        """The main target."""
        return TargetInfo(
            name=self.target,
            task=self.task,
            classes=self.classes,
            class_counts=self.class_counts,
            range=self.target_range,
        )

    @property
    def targets(self) -> tuple[TargetInfo, ...]:
        """All targets, the main one first."""
        return (self.main, *self.further)


class ImagePreparation(_Document):
    """Pictures are decoded to RGB, made grey if asked, resized (triangle filter, see `imaging`), then scaled."""

    kind: Literal["image"] = "image"
    height: int
    width: int
    channels: Literal[1, 3]
    scale: float = 1 / 255
    offset: float = 0.0


class NumericColumn(_Document):
    """value -> (value or `fill` when missing - mean) / std, all three from the training part."""

    kind: Literal["numeric"] = "numeric"
    name: str
    mean: float
    std: float = Field(gt=0)
    fill: float
    missing_flag: bool = Field(False, description="Whether a second feature says 1 where the value was missing.")


class CategoricalColumn(_Document):
    """text -> one feature a category; a value not seen in the training part, or missing, sets none of them."""

    kind: Literal["categorical"] = "categorical"
    name: str
    categories: tuple[str, ...]


def _width(column: NumericColumn | CategoricalColumn) -> int:
    return len(column.categories) if isinstance(column, CategoricalColumn) else 1 + column.missing_flag


class TablePreparation(_Document):
    """A row by column name becomes a flat vector, the columns in order."""

    kind: Literal["table"] = "table"
    columns: tuple[Annotated[NumericColumn | CategoricalColumn, Field(discriminator="kind")], ...]

    @property
    def features(self) -> int:
        """The length of the vector."""
        return len(self.sources)

    @property
    def sources(self) -> tuple[str, ...]:
        """The column that each number of the vector comes from."""
        return tuple(column.name for column in self.columns for _ in range(_width(column)))


class ArrayPreparation(_Document):
    """An array of fixed shape becomes (x - mean) / std; one mean and std for all, or one for each of the last axis."""

    kind: Literal["array"] = "array"
    shape: tuple[int, ...]
    mean: tuple[float, ...] = (0.0,)
    std: tuple[float, ...] = (1.0,)
    integer: bool = False


class ClassTarget(_Document):
    """The model's outputs are one probability a class, in this order. Only a further target has its name here."""

    kind: Literal["classes"] = "classes"
    name: str = ""
    classes: tuple[str, ...]


class ValueTarget(_Document):
    """The model learns (value - mean) / std; answers are told in the target's own unit."""

    kind: Literal["value"] = "value"
    name: str
    mean: float
    std: float = Field(gt=0)


AnyTarget = Annotated[ClassTarget | ValueTarget, Field(discriminator="kind")]


class Preparation(_Document):
    """Everything between a raw sample and the model, fitted on the training part only, and back to its answers.

    The model answers `target` first, then each of `further`, in this order.
    """

    input: Annotated[ImagePreparation | TablePreparation | ArrayPreparation, Field(discriminator="kind")]
    target: AnyTarget
    further: tuple[AnyTarget, ...] = ()

    @property
    def targets(self) -> tuple[ClassTarget | ValueTarget, ...]:
        """All targets, the main one first."""
        return (self.target, *self.further)

    def of(self, place: int) -> Preparation:
        """The same with one of `targets` as the only one."""
        return Preparation(input=self.input, target=self.targets[place])
