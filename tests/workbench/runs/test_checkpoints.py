"""States are whole or not there."""

from __future__ import annotations

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
