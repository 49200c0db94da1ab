"""States are whole or not there."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from workbench.core.errors import FileError
from workbench.runs import checkpoints, store


def _state(epoch: int, step: int = 0) -> checkpoints.State:
    arrays = {
        "a/0": np.arange(6, dtype=np.float32).reshape(2, 3) + epoch,
        "a/1": np.array(epoch, dtype=np.int64),
        "b/0": np.zeros((0, 4), dtype=np.uint8),
        "b/1": np.array([[True, False]]),
    }
    return checkpoints.State(epoch, step, {"lowest": float("inf"), "words": "é"}, arrays)


def test_that_a_state_comes_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "one.state"
    checkpoints.write(path, _state(3, 5))
    back = checkpoints.read(path)
    assert (back.epoch, back.step, back.facts) == (3, 5, {"lowest": float("inf"), "words": "é"})
    assert checkpoints.place(path) == (3, 5)
    for name, array in _state(3).arrays.items():
        assert (back.arrays[name].dtype, back.arrays[name].shape) == (array.dtype, array.shape)
        np.testing.assert_array_equal(back.arrays[name], array)


@pytest.mark.parametrize("harm", ["cut", "flipped", "empty", "head"])
def test_that_a_torn_state_is_never_chosen(tmp_path: Path, harm: str) -> None:
    home = checkpoints.folder_of(tmp_path, "run-001")
    for epoch in (1, 2, 3):
        checkpoints.save(tmp_path, "run-001", _state(epoch))
    assert len(list(home.iterdir())) == 2
    last = max(home.iterdir(), key=lambda path: checkpoints.place(path) or (0, 0))
    content = bytearray(last.read_bytes())
    if harm == "flipped":
        content[-30] ^= 1
    elif harm == "head":
        content[12] ^= 255
    last.write_bytes(content[: {"cut": len(content) - 7, "empty": 0}.get(harm, len(content))])
    with pytest.raises(FileError):
        checkpoints.read(last)
    found = checkpoints.newest(tmp_path, "run-001")
    assert found is not None
    assert found.epoch == 2
    checkpoints.save(tmp_path, "run-001", _state(3, 1))
    again = checkpoints.newest(tmp_path, "run-001")
    assert again is not None
    assert (again.epoch, again.step) == (3, 1)


def test_that_no_harm_to_any_byte_lets_a_torn_state_be_chosen(tmp_path: Path) -> None:
    for epoch in (1, 2):
        checkpoints.save(tmp_path, "run-001", _state(epoch))
    home = checkpoints.folder_of(tmp_path, "run-001")
    last = max(home.iterdir(), key=lambda path: checkpoints.place(path) or (0, 0))
    whole, random = last.read_bytes(), np.random.default_rng(0)
    for place in range(len(whole)):
        rest = whole[place + 1 :]
        harmed = [whole[:place], whole[:place] + bytes([whole[place] ^ 1]) + rest]
        harmed += [whole[:place] + random.bytes(min(8, len(whole) - place)) + whole[place + 8 :]]
        harmed += [whole[:place] + bytes(len(whole) - place)]
        for content in harmed:
            last.write_bytes(content)
            found = checkpoints.newest(tmp_path, "run-001")
            assert found is not None
            assert found.epoch == 1, place
            assert 1 in checkpoints.epochs(tmp_path, "run-001")


@pytest.mark.parametrize(
    "head",
    [
        '"x"',
        "[1]",
        '{"epoch": "9", "step": 0}',
        '{"epoch": 9, "step": [0]}',
        '{"epoch": 9, "step": 0, "facts": 1, "arrays": []}',
        '{"epoch": 9, "step": 0, "facts": {}, "arrays": [{"name": "a", "dtype": "object", "shape": [1]}]}',
        '{"epoch": 9, "step": 0, "facts": {}, "arrays": [{"name": "a", "dtype": "int8", "shape": [-5]}]}',
    ],
)
def test_that_a_state_that_a_stranger_wrote_is_passed_over(tmp_path: Path, head: str) -> None:
    checkpoints.save(tmp_path, "run-001", _state(1))
    body = checkpoints.MAGIC + len(head).to_bytes(8, "big") + head.encode() + b"\0" * 32
    path = checkpoints.folder_of(tmp_path, "run-001") / "b.state"
    path.write_bytes(body + hashlib.blake2b(body, digest_size=checkpoints.DIGEST).digest())
    with pytest.raises(FileError):
        checkpoints.read(path)
    found = checkpoints.newest(tmp_path, "run-001")
    assert found is not None
    assert found.epoch == 1
    assert 1 in checkpoints.epochs(tmp_path, "run-001")


def test_that_states_kept_for_good_stay_beside_the_newest(tmp_path: Path) -> None:
    for epoch in range(1, 8):
        checkpoints.save(tmp_path, "run-001", _state(epoch), keep=epoch % 3 == 0)
    assert checkpoints.epochs(tmp_path, "run-001") == [3, 5, 6, 7]
    kept = checkpoints.after_epoch(tmp_path, "run-001", 3)
    assert kept is not None
    assert kept.epoch == 3
    assert checkpoints.after_epoch(tmp_path, "run-001", 4) is None
    assert checkpoints.newest(tmp_path, "run-002") is None
    assert store.run_folder(tmp_path, "run-001").is_dir()
