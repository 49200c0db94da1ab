"""Datasets from the net, served here by a server of the test's own: progress, cancel, checksum, cache, no network."""

from __future__ import annotations

import functools
import gzip
import hashlib
import http.server
import io
import pickle
import struct
import tarfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from workbench.core.cancel import CancelToken
from workbench.core.errors import Cancelled, DataError, FileError
from workbench.data import keras_datasets
from workbench.data.dataset import Dataset, detect, open_dataset
from workbench.data.fetch import fetch
from workbench.data.work import Work

GENERATOR = np.random.default_rng(0)


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


class Server:
    """Serves a folder; `asked` are the paths that were asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[str] = []
        server = self

        class Handler(_Quiet):
            def do_GET(self) -> None:
                server.asked.append(self.path)
                super().do_GET()

        self._http = http.server.ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(Handler, directory=str(folder))
        )
        self.url = f"http://127.0.0.1:{self._http.server_port}/"
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def close(self) -> None:
        if not self._thread.is_alive():
            return
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    def put(self, name: str, data: bytes) -> str:
        (self.folder / name).write_bytes(data)
        return hashlib.sha256(data).hexdigest()


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    (tmp_path / "served").mkdir()
    running = Server(tmp_path / "served")
    yield running
    running.close()


def _point(monkeypatch: pytest.MonkeyPatch, server: Server, name: str, contents: list[bytes]) -> None:
    """Have the dataset's files come from the test's server."""
    files = tuple(
        replace(file, url=server.url + str(number), digest=server.put(str(number), data))
        for number, (file, data) in enumerate(zip(keras_datasets.FILES[name], contents, strict=True))
    )
    monkeypatch.setitem(keras_datasets.FILES, name, files)


def _npz(**arrays: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


def _pictures(count: int, *shape: int) -> np.ndarray:
    return GENERATOR.integers(0, 256, (count, *shape)).astype(np.uint8)


def _labels(count: int, classes: int = 10) -> np.ndarray:
    return (np.arange(count) % classes).astype(np.uint8)


def _check_pictures(dataset: Dataset, train: int, test: int, shape: tuple[int, ...]) -> None:
    assert dataset.info.kind == "image"
    assert dataset.info.input_shape == shape
    assert dataset.part("test").index.tolist() == list(range(train, train + test))


def test_that_mnist_is_fetched_once_and_kept_where_keras_keeps_it(
    server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    train, test = _pictures(60, 28, 28), _pictures(20, 28, 28)
    _point(monkeypatch, server, "mnist", [_npz(x_train=train, y_train=_labels(60), x_test=test, y_test=_labels(20))])
    told: list[tuple[float | None, str]] = []
    dataset = open_dataset(detect("mnist"), progress=lambda fraction, words: told.append((fraction, words)))
    _check_pictures(dataset, 60, 20, (28, 28, 1))
    assert dataset.info.classes == tuple("0123456789")
    assert (dataset.part("test").x[..., 0] == test).all()
    assert (1.0, "Fetching MNIST: 0.1 MB") in told
    assert (tmp_path / "keras" / "datasets" / "mnist.npz").is_file()
    open_dataset(detect("MNIST"))
    assert server.asked == ["/0"]


def test_that_fashion_mnist_is_read(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    contents = [
        gzip.compress(bytes(16) + _pictures(40, 28, 28).tobytes()),
        gzip.compress(bytes(8) + _labels(40).tobytes()),
        gzip.compress(bytes(16) + _pictures(20, 28, 28).tobytes()),
        gzip.compress(bytes(8) + _labels(20).tobytes()),
    ]
    _point(monkeypatch, server, "fashion_mnist", contents)
    dataset = open_dataset(detect("fashion-mnist"))
    _check_pictures(dataset, 40, 20, (28, 28, 1))
    assert dataset.info.classes[9] == "Ankle boot"
    assert dataset.label(40) == "T-shirt/top"


class _Python2(pickle._Pickler):  # type: ignore[name-defined,misc]
    """Writes texts and bytes as Python 2 did, which is how CIFAR's batches were made."""

    dispatch = dict(pickle._Pickler.dispatch)  # type: ignore[attr-defined] # noqa: RUF012

    def save_string(self, value: str | bytes) -> None:
        data = value.encode() if isinstance(value, str) else value
        self.write(b"T" + struct.pack("<i", len(data)) + data)

    dispatch[bytes] = dispatch[str] = save_string


def _pickled(value: object) -> bytes:
    file = io.BytesIO()
    _Python2(file, protocol=2).dump(value)
    return file.getvalue()


def _tar(members: dict[str, object]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        for name, value in members.items():
            data = _pickled(value)
            member = tarfile.TarInfo(f"batches/{name}")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return file.getvalue()


def _batch(count: int, key: bytes, classes: int) -> tuple[dict[bytes, object], np.ndarray]:
    pixels = _pictures(count, 3, 32, 32)
    return {b"data": pixels.reshape(count, -1), key: _labels(count, classes).tolist()}, pixels


def test_that_cifar10_is_read_without_unpacking(
    server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    names = [f"kind {number}".encode() for number in range(10)]
    batches = {f"data_batch_{number}": _batch(10, b"labels", 10) for number in range(1, 6)}
    test, pixels = _batch(10, b"labels", 10)
    members = {**{name: batch for name, (batch, _) in batches.items()}, "test_batch": test}
    _point(monkeypatch, server, "cifar10", [_tar({**members, "batches.meta": {b"label_names": names}})])
    dataset = open_dataset(detect("cifar10"))
    _check_pictures(dataset, 50, 10, (32, 32, 3))
    assert dataset.info.classes[2] == "kind 2"
    assert (dataset.raw(50) == pixels[0].transpose(1, 2, 0)).all()
    kept = list((tmp_path / "keras" / "datasets").iterdir())
    assert [path.name for path in kept] == ["cifar-10-batches-py-target_archive"]


def test_that_cifar100_is_read_by_its_fine_labels(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"thing {number}".encode() for number in range(100)]
    members = {
        "train": _batch(200, b"fine_labels", 100)[0],
        "test": _batch(100, b"fine_labels", 100)[0],
        "meta": {b"fine_label_names": names},
    }
    _point(monkeypatch, server, "cifar100", [_tar(members)])
    dataset = open_dataset(detect("cifar100"))
    _check_pictures(dataset, 200, 100, (32, 32, 3))
    assert dataset.label(7) == "thing 7"


def test_that_california_housing_is_a_table(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    x = GENERATOR.normal(3, 2, (60, 8))
    _point(monkeypatch, server, "california_housing", [_npz(x=x, y=GENERATOR.normal(2e5, 5e4, 60))])
    info = open_dataset(detect("california_housing")).info
    assert (info.kind, info.task, info.target, info.input_shape) == ("table", "regression", "MedHouseVal", (8,))
    assert info.columns[0].name == "MedInc"


class _Trap:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return print, ("sprung",)


def test_that_a_batch_that_would_run_code_is_refused(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    _point(monkeypatch, server, "cifar100", [_tar({"train": {b"data": _Trap()}})])
    with pytest.raises(DataError, match="asks for"):
        open_dataset(detect("cifar100"))


def test_that_a_wrong_checksum_keeps_nothing(server: Server, tmp_path: Path) -> None:
    server.put("file", b"tampered")
    with pytest.raises(DataError, match="its checksum differs"):
        fetch(server.url + "file", tmp_path / "kept", "0" * 64, Work(), "Fetching")
    assert not (tmp_path / "kept").exists()


def test_that_a_damaged_cached_file_is_fetched_again(server: Server, tmp_path: Path) -> None:
    digest = server.put("file", b"the file")
    (tmp_path / "kept").write_bytes(b"the fi")
    assert fetch(server.url + "file", tmp_path / "kept", digest, Work(), "Fetching").read_bytes() == b"the file"


def test_that_a_cancelled_fetch_leaves_nothing(server: Server, tmp_path: Path) -> None:
    digest = server.put("file", bytes(3 * 2**20))
    token = CancelToken()

    def stop_midway(fraction: float | None, words: str) -> None:
        if fraction is not None and fraction > 0.3:
            token.stop()

    with pytest.raises(Cancelled):
        fetch(server.url + "file", tmp_path / "kept" / "file", digest, Work(stop_midway, token), "Fetching")
    assert list((tmp_path / "kept").iterdir()) == []


def test_that_no_network_names_the_remedy(server: Server, tmp_path: Path) -> None:
    server.close()
    with pytest.raises(DataError, match="network connection") as caught:
        fetch(server.url + "file", tmp_path / "kept", "0" * 64, Work(), "Fetching")
    assert "Check the connection" in caught.value.hint
    assert str(tmp_path / "kept") in caught.value.hint


def test_that_a_missing_file_names_the_servers_answer(server: Server, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="404"):
        fetch(server.url + "none", tmp_path / "kept", "0" * 64, Work(), "Fetching")


def test_that_a_place_that_cannot_be_written_is_named(server: Server, tmp_path: Path) -> None:
    digest = server.put("file", b"the file")
    (tmp_path / "blocked").write_bytes(b"")
    with pytest.raises(FileError, match="blocked"):
        fetch(server.url + "file", tmp_path / "blocked" / "kept", digest, Work(), "Fetching")
