"""Every write is whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbench.core import files
from workbench.core.errors import FileError


def fail_at(monkeypatch: pytest.MonkeyPatch, number: int, code: int) -> Callable[[], int]:
    """Make the n-th call that reaches the disk fail; returns how many calls were made."""
    calls = 0

    def guarded(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == number:
                raise OSError(code, os.strerror(code))
            return real(*args, **kwargs)

        return call

    for target, name in (
        (os, "fsync"),
        (Path, "open"),
        (Path, "replace"),
        (Path, "mkdir"),
    ):
        monkeypatch.setattr(target, name, guarded(getattr(target, name)))
    return lambda: calls


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EACCES])
def test_that_a_write_broken_at_any_call_leaves_the_old_file_whole(tmp_path: Path, code: int) -> None:
    path = tmp_path / "settings.json"
    files.write_json(path, {"old": True})
    for number in range(1, 50):
        with pytest.MonkeyPatch.context() as patch:
            calls = fail_at(patch, number, code)
            try:
                files.write_json(path, {"new": number})
            except FileError as error:
                assert str(path) in str(error)
            if calls() < number:
                break
        assert files.read_json(path) in ({"old": True}, {"new": number})
        assert [entry.name for entry in tmp_path.iterdir()] == ["settings.json"]
    else:
        pytest.fail("the write never came to its end")
    assert number > 3


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
def test_that_a_folder_broken_while_replaced_is_the_old_one_or_the_new_one(tmp_path: Path, code: int) -> None:
    path = tmp_path / "export"
    for number in range(1, 50):
        path.mkdir(exist_ok=True)
        (path / "old").write_text("old")
        with pytest.MonkeyPatch.context() as patch:
            calls = fail_at(patch, number, code)
            try:
                with files.replacing_folder(path) as temporary:
                    (temporary / "new").write_text("new")
            except FileError:
                pass
            if calls() < number:
                break
        assert [entry.name for entry in path.iterdir()] in (["old"], ["new"])
        files._remove(path / "new")
    else:
        pytest.fail("the write never came to its end")
    assert number > 3


def test_that_a_full_disk_is_named_with_its_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_at(monkeypatch, 2, errno.ENOSPC)
    with pytest.raises(FileError, match="free some space"):
        files.write_text(tmp_path / "a.txt", "text")


def test_that_an_error_inside_the_block_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    files.write_text(path, "old")
    with pytest.raises(ValueError, match="broken"), files.replacing(path) as temporary:
        temporary.write_text("half")
        raise ValueError("broken")
    assert path.read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1


def test_that_a_value_without_json_form_never_touches_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    files.write_json(path, [1])
    with pytest.raises(TypeError):
        files.write_json(path, [object()])
    assert files.read_json(path) == [1]


def test_that_nan_becomes_null(tmp_path: Path) -> None:
    files.write_json(tmp_path / "a.json", {"loss": float("nan")})
    assert files.read_json(tmp_path / "a.json") == {"loss": None}


@pytest.mark.parametrize("content", [b'{"cut": ', b"\xff\xfe\x00", b"[" * 100_000])
def test_that_a_damaged_json_file_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    with pytest.raises(FileError, match=r"a\.json"):
        files.read_json(path)


def test_that_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="Check the path"):
        files.read_json(tmp_path / "gone.json")
