"""The datasets that Keras fetches: same files, checksums and cache folder, so that either finds what the other has."""

from __future__ import annotations

import gzip
import os
import pickle
import tarfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from workbench.core.errors import DataError
from workbench.data import pictures, tables
from workbench.data.fetch import fetch
from workbench.data.npz_file import read_arrays
from workbench.data.pictures import Numbered
from workbench.data.samples import Gathered
from workbench.data.spec import DatasetSpec
from workbench.data.split import TEST, TRAIN
from workbench.data.target import named_classes
from workbench.data.work import Array, Work

GOOGLE = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
TORONTO = "https://www.cs.toronto.edu/~kriz/"


@dataclass(frozen=True)
class RemoteFile:
    """One file: where it is, where Keras keeps it under `datasets`, and its checksum."""

    url: str
    place: str
    digest: str


FILES: dict[str, tuple[RemoteFile, ...]] = {
    "mnist": (
        RemoteFile(
            GOOGLE + "mnist.npz", "mnist.npz", "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"
        ),
    ),
    "california_housing": (
        RemoteFile(
            GOOGLE + "california_housing.npz",
            "california_housing.npz",
            "1a2e3a52e0398de6463aebe6f4a8da34fb21fbb6b934cf88c3425e766f2a1a6f",
        ),
    ),
    "cifar10": (
        RemoteFile(
            TORONTO + "cifar-10-python.tar.gz",
            "cifar-10-batches-py-target_archive",
            "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce",
        ),
    ),
    "cifar100": (
        RemoteFile(
            TORONTO + "cifar-100-python.tar.gz",
            "cifar-100-python-target_archive",
            "85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7",
        ),
    ),
    # Keras checks no sums of these; they are the ones that the dataset's authors publish.
    "fashion_mnist": tuple(
        RemoteFile(GOOGLE + name, f"fashion-mnist/{name}", digest)
        for name, digest in (
            ("train-images-idx3-ubyte.gz", "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
            ("train-labels-idx1-ubyte.gz", "25c81989df183df01b3e8a0aad5dffbe"),
            ("t10k-images-idx3-ubyte.gz", "bef4ecab320f06d8554ea6380940ec79"),
            ("t10k-labels-idx1-ubyte.gz", "bb300cfdad3c16e7a12a480ee83cd310"),
        )
    ),
}

FASHION = (
    "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
)  # fmt: skip
HOUSING = (
    "MedInc", "HouseAge", "AveRooms", "AveBedrms", "Population", "AveOccup", "Latitude", "Longitude",
)  # fmt: skip
HOUSING_TARGET = "MedHouseVal"


def cache_folder() -> Path:
    """Where Keras keeps datasets: KERAS_HOME, or ~/.keras."""
    home = os.environ.get("KERAS_HOME")
    return (Path(home).expanduser() if home else Path.home() / ".keras") / "datasets"


def gather(spec: DatasetSpec, title: str, work: Work) -> Gathered:
    """Fetch a dataset where it is not there yet, and read it."""
    files = FILES[spec.location]
    folder = cache_folder()
    paths = [fetch(file.url, folder / file.place, file.digest, work, f"Fetching {title}") for file in files]
    work.tell(None, f"Reading {title}")
    if spec.location == "california_housing":
        return _housing(spec, paths[0], title, work)
    try:
        images, labels, given, classes = _pictures(spec.location, paths, work)
    except (OSError, EOFError, KeyError, ValueError, zlib.error, tarfile.TarError, pickle.UnpicklingError) as error:
        raise DataError(
            f"The cached file of {title} must be whole.", str(error), f"Remove {paths[0]} and try again."
        ) from error
    samples = pictures.from_array(spec, images, Numbered("sample", range(len(images))), work)
    return Gathered(title, samples, named_classes("class", labels, classes), given)


def _pictures(name: str, paths: list[Path], work: Work) -> tuple[Array, Array, Array, tuple[str, ...]]:
    classes: tuple[str, ...] = tuple(str(number) for number in range(10))
    if name == "mnist":
        found = read_arrays(paths[0], work)
        train, test = (found["x_train"], found["y_train"]), (found["x_test"], found["y_test"])
    elif name == "fashion_mnist":
        train, test = (_idx(paths[0], 16), _idx(paths[1], 8)), (_idx(paths[2], 16), _idx(paths[3], 8))
        train, test = (train[0].reshape(-1, 28, 28), train[1]), (test[0].reshape(-1, 28, 28), test[1])
        classes = FASHION
    else:
        train, test, classes = _cifar(name, paths[0], work)
    given = np.repeat(np.array([TRAIN, TEST], np.int8), [len(train[1]), len(test[1])])
    return np.concatenate([train[0], test[0]]), np.concatenate([train[1], test[1]]), given, classes


def _housing(spec: DatasetSpec, path: Path, title: str, work: Work) -> Gathered:
    found = read_arrays(path, work)
    x, y = found["x"], found["y"]
    frame = pl.DataFrame({**{name: x[:, place] for place, name in enumerate(HOUSING)}, HOUSING_TARGET: y})
    chosen = spec if spec.target is not None else spec.model_copy(update={"target": HOUSING_TARGET})
    return tables.from_frame(chosen, frame, title, range(frame.height), "row")


def _idx(path: Path, header: int) -> Array:
    with gzip.open(path, "rb") as file:
        return np.frombuffer(file.read(), np.uint8, offset=header)


class _ArraysOnly(pickle.Unpickler):
    """Reads CIFAR's batches: dicts, lists, bytes and numpy arrays; any other name is refused."""

    def find_class(self, module: str, name: str) -> Any:
        allowed = {
            ("numpy.core.multiarray", "_reconstruct"),
            ("numpy._core.multiarray", "_reconstruct"),
            ("numpy", "ndarray"),
            ("numpy", "dtype"),
        }
        if (module, name) not in allowed:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}")
        if name == "_reconstruct":
            return np._core.multiarray._reconstruct  # type: ignore[attr-defined]
        return getattr(np, name)


def _cifar(name: str, path: Path, work: Work) -> tuple[tuple[Array, Array], tuple[Array, Array], tuple[str, ...]]:
    fine = name == "cifar100"
    train_names = ["train"] if fine else [f"data_batch_{number}" for number in range(1, 6)]
    test_name, meta_name = ("test", "meta") if fine else ("test_batch", "batches.meta")
    labels = b"fine_labels" if fine else b"labels"
    batches: dict[str, dict[bytes, Any]] = {}
    # The archive is read as it stands: nothing of it is unpacked to the disk.
    with tarfile.open(path, "r:gz") as archive:
        for member in archive:
            short = member.name.rsplit("/", 1)[-1]
            if member.isfile() and short in (*train_names, test_name, meta_name):
                work.tell(len(batches) / (len(train_names) + 2), "Reading the pictures")
                file = archive.extractfile(member)
                assert file is not None
                batches[short] = _ArraysOnly(file, encoding="bytes").load()
    names = batches[meta_name][b"fine_label_names" if fine else b"label_names"]
    train = [_batch(batches[batch], labels) for batch in train_names]
    joined = np.concatenate([batch[0] for batch in train]), np.concatenate([batch[1] for batch in train])
    return joined, _batch(batches[test_name], labels), tuple(word.decode("utf-8") for word in names)


def _batch(batch: dict[bytes, Any], labels: bytes) -> tuple[Array, Array]:
    pixels = np.asarray(batch[b"data"], np.uint8).reshape(-1, 3, 32, 32)
    return np.ascontiguousarray(pixels.transpose(0, 2, 3, 1)), np.array(batch[labels], np.int32)
