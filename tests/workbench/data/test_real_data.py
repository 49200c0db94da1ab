"""The real datasets beside the checkout, where they are found."""

from __future__ import annotations

import gzip
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest

from workbench.data.dataset import detect, open_dataset

DATA = Path(__file__).parents[4] / "shared" / "data"

pytestmark = [pytest.mark.data, pytest.mark.skipif(not DATA.is_dir(), reason="the real data are not here")]


def test_that_abalone_is_a_regression() -> None:
    info = open_dataset(detect(DATA / "abalone.csv")).info
    assert (info.task, info.target, info.samples) == ("regression", "column 8", 4177)
    assert info.target_range == (1, 29)
    assert info.columns[0].kind == "categorical"
    assert info.input_shape == (3 + 7,)
    assert info.problems == ()


def test_that_horse_colic_has_its_missing_values_found() -> None:
    dataset = open_dataset(detect(DATA / "horse-colic.csv", 23))
    assert (dataset.info.task, dataset.info.classes, dataset.info.samples) == ("classification", ("1", "2"), 300)
    assert sum(column.missing for column in dataset.info.columns) == 1605
    assert np.isfinite(dataset.part("train").x).all()


def test_that_german_credit_is_a_classification_of_mixed_columns() -> None:
    info = open_dataset(detect(DATA / "german.csv")).info
    assert (info.task, info.classes, info.class_counts) == ("classification", ("1", "2"), (700, 300))
    assert sum(column.kind == "categorical" for column in info.columns) == 13


def test_that_banknotes_are_two_classes() -> None:
    info = open_dataset(detect(DATA / "banknote_authentication.csv")).info
    assert (info.classes, info.input_shape, info.samples) == (("0", "1"), (4,), 1372)


def test_that_cifar_folders_open_within_seconds(tmp_path: Path) -> None:
    with zipfile.ZipFile(DATA / "cifar10-jpeg.zip") as archive:
        archive.extractall(tmp_path)
    start = time.perf_counter()
    dataset = open_dataset(detect(tmp_path / "cifar10"))
    assert time.perf_counter() - start < 15
    assert dataset.info.input_shape == (32, 32, 3)
    assert (dataset.info.samples, dataset.info.test_samples, len(dataset.info.classes)) == (7200, 1200, 10)
    zipped = open_dataset(detect(DATA / "cifar10-jpeg.zip"))
    assert (zipped.part("test").x == dataset.part("test").x).all()


def test_that_mnist_as_arrays_is_pictures(tmp_path: Path) -> None:
    images = gzip.decompress((DATA / "mnist-t10k" / "t10k-images-idx3-ubyte.gz").read_bytes())
    labels = gzip.decompress((DATA / "mnist-t10k" / "t10k-labels-idx1-ubyte.gz").read_bytes())
    x = np.frombuffer(images, np.uint8, offset=16).reshape(-1, 28, 28)
    np.savez(tmp_path / "mnist.npz", x=x, y=np.frombuffer(labels, np.uint8, offset=8))
    info = open_dataset(detect(tmp_path / "mnist.npz")).info
    assert (info.kind, info.input_shape, len(info.classes), info.samples) == ("image", (28, 28, 1), 10, 10_000)
    assert info.problems == ()
