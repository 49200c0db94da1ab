"""The datasets that have a name: those that come along, and those that are fetched on demand."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.data.spec import Kind, Task


@dataclass(frozen=True)
class DatasetEntry:
    """One named dataset. `size` is what is fetched, in bytes; 0 for those that come along."""

    name: str
    title: str
    kind: Kind
    task: Task
    samples: int
    description: str
    download: bool = False
    size: int = 0


_ENTRIES = (
    DatasetEntry(
        "digits", "Digits", "image", "classification", 1797, "Handwritten digits, 8 × 8 pixels: trains in seconds."
    ),
    DatasetEntry(
        "iris", "Iris", "table", "classification", 150, "Three kinds of iris, told by four measurements of the flower."
    ),
    DatasetEntry(
        "wine", "Wine", "table", "classification", 178, "Three cultivars of wine, told by 13 chemical measurements."
    ),
    DatasetEntry(
        "breast_cancer", "Breast cancer", "table", "classification", 569,
        "Malignant or benign tumours, told by 30 measurements of cell nuclei.",
    ),
    DatasetEntry(
        "diabetes", "Diabetes", "table", "regression", 442,
        "How far diabetes progressed within a year, from ten measurements of the patient.",
    ),
    DatasetEntry(
        "mnist", "MNIST", "image", "classification", 70_000, "Handwritten digits, 28 × 28 pixels, grey.",
        True, 11_490_434,
    ),
    DatasetEntry(
        "fashion_mnist", "Fashion-MNIST", "image", "classification", 70_000,
        "Ten kinds of clothing, 28 × 28 pixels, grey.", True, 30_878_645,
    ),
    DatasetEntry(
        "cifar10", "CIFAR-10", "image", "classification", 60_000,
        "Ten kinds of animals and vehicles, 32 × 32 pixels, colour.", True, 170_498_071,
    ),
    DatasetEntry(
        "cifar100", "CIFAR-100", "image", "classification", 60_000,
        "A hundred kinds of things, 32 × 32 pixels, colour.", True, 169_001_437,
    ),
    DatasetEntry(
        "california_housing", "California housing", "table", "regression", 20_640,
        "The median house value of Californian districts in 1990.", True, 743_530,
    ),
)  # fmt: skip


def datasets() -> tuple[DatasetEntry, ...]:
    """Every named dataset, those that come along first."""
    return _ENTRIES


def find_dataset(name: str) -> DatasetEntry | None:
    """The dataset of that name; blanks, dashes and case do not matter ("CIFAR-10" is "cifar10")."""
    wanted = "".join(letter for letter in name.lower() if letter.isalnum())
    return next((entry for entry in _ENTRIES if entry.name.replace("_", "") == wanted), None)
