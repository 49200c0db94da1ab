"""States of runs on disk: one checksummed file each, written whole or not at all; a torn one is never chosen."""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from workbench.core import files
from workbench.core.errors import FileError
from workbench.runs.store import run_folder

FOLDER = "checkpoint"
SLOTS = ("a.state", "b.state")
MAGIC = b"KWSTATE1"
DIGEST = 16
Arrays = Mapping[str, np.ndarray]


@dataclasses.dataclass(frozen=True)
class State:
    """All that a run needs to go on exactly.

    Args:
        epoch: How many whole epochs are behind it.
        step: How many batches of the next one are.
        facts: What is no array, as JSON.
        arrays: The variables and what else is made of numbers.
    """

    epoch: int
    step: int
    facts: Mapping[str, Any]
    arrays: Arrays


def write(path: Path, state: State) -> None:
    """Put a state at `path`: head, arrays one after another, then a digest of all of it.

    Raises:
        FileError: The system refused a write; what stood at `path` is as it was.
    """
    arrays = state.arrays.items()
    listed = [{"name": name, "dtype": array.dtype.name, "shape": list(array.shape)} for name, array in arrays]
    head = json.dumps({"epoch": state.epoch, "step": state.step, "facts": state.facts, "arrays": listed}).encode()
    digest = hashlib.blake2b(digest_size=DIGEST)
    with files.replacing(path) as temporary, temporary.open("wb") as file:
        pieces: Iterator[bytes | memoryview] = (_bytes(array) for _, array in arrays)
        for piece in itertools.chain((MAGIC, len(head).to_bytes(8, "big"), head), pieces):
            digest.update(piece)
            file.write(piece)
        file.write(digest.digest())


def _bytes(array: np.ndarray) -> memoryview:
    return np.ascontiguousarray(array).reshape(-1).view(np.uint8).data


def read(path: Path) -> State:
    """The state at `path`.

    Raises:
        FileError: It cannot be read, or it is not whole.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise files.read_failed(path, error) from error
    body, digest = content[:-DIGEST], content[-DIGEST:]
    if hashlib.blake2b(body, digest_size=DIGEST).digest() != digest or not body.startswith(MAGIC):
        raise FileError(f"{path} must be a whole checkpoint.", "its checksum does not fit", "Take an earlier one.")
    try:
        return _parsed(body)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        # Its checksum fits, so that nothing tore it: somebody else wrote it.
        raise FileError(
            f"{path} must be a state of a run.", f"{type(error).__name__}: {error}", "Train anew."
        ) from error


def _parsed(body: bytes) -> State:
    begin = len(MAGIC) + 8
    end = begin + int.from_bytes(body[len(MAGIC) : begin], "big")
    head = json.loads(body[begin:end])
    epoch, step = _whole(head)
    arrays = {}
    for entry in head["arrays"]:
        dtype, shape = np.dtype(entry["dtype"]), tuple(entry["shape"])
        if min(shape, default=0) < 0:
            raise ValueError("no axis is shorter than nothing")
        count = int(np.prod(shape, dtype=np.int64))
        arrays[entry["name"]] = np.frombuffer(body, dtype, count, end).reshape(shape)
        end += count * dtype.itemsize
    return State(epoch, step, dict(head["facts"]), arrays)


def _whole(head: Any) -> tuple[int, int]:
    """The epoch and step that a head tells."""
    at = head["epoch"], head["step"]
    if not all(type(number) is int and number >= 0 for number in at):
        raise ValueError("the epoch and the step of a state are whole numbers")
    return at


def place(path: Path) -> tuple[int, int] | None:
    """The epoch and step of the state at `path`, from its head alone; None where it has none."""
    try:
        with path.open("rb") as file:
            if file.read(len(MAGIC)) != MAGIC:
                return None
            head = json.loads(file.read(int.from_bytes(file.read(8), "big")))
        return _whole(head)
    except (OSError, ValueError, KeyError, TypeError, MemoryError, OverflowError, RecursionError):
        return None


def folder_of(folder: Path, run: str) -> Path:
    """Where a run's states lie."""
    return run_folder(folder, run) / FOLDER


def save(folder: Path, run: str, state: State, *, keep: bool = False) -> None:
    """Add a state to the run's; of those that are not kept for good, the two newest stay.

    Args:
        folder: The project's folder.
        run: The run's name.
        state: What to keep.
        keep: Keep it for good, to branch from.

    Raises:
        FileError: The system refused a write; all states are as they were.
    """
    home = folder_of(folder, run)
    path = _kept(home, state.epoch) if keep else min((home / name for name in SLOTS), key=_age)
    write(path, state)


def newest(folder: Path, run: str) -> State | None:
    """The state that is furthest on among those that are whole; None where there is none."""
    for path in sorted(folder_of(folder, run).glob("*.state"), key=_age, reverse=True):
        try:
            return read(path)
        except FileError:
            continue
    return None


def after_epoch(folder: Path, run: str, epoch: int) -> State | None:
    """The whole state right after an epoch, where the run has it."""
    for path in sorted(folder_of(folder, run).glob("*.state")):
        if place(path) == (epoch, 0):
            try:
                return read(path)
            except FileError:
                continue
    return None


def any_kept(folder: Path, run: str) -> bool:
    """Whether a run has a state on the disk, good or torn."""
    return any(folder_of(folder, run).glob("*.state"))


def epochs(folder: Path, run: str) -> list[int]:
    """After which epochs a run's state is there, to branch from; in rising order."""
    found = {place(path) for path in folder_of(folder, run).glob("*.state")}
    return sorted(at[0] for at in found if at is not None and at[1] == 0)


def _kept(home: Path, epoch: int) -> Path:
    return home / f"epoch-{epoch:06d}.state"


def _age(path: Path) -> tuple[int, int]:
    return place(path) or (-1, -1)
