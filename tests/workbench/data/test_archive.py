"""A zip that would harm is refused whole, and nothing of it is left."""

from __future__ import annotations

import zipfile
from pathlib import Path

import platformdirs
import pytest

from tests.workbench.data.conftest import encoded, noise
from workbench.core.cancel import CancelToken
from workbench.core.errors import Cancelled, DataError
from workbench.data import archive
from workbench.data.work import Work


def _zip(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in members.items():
            packed.writestr(name, data)
    return path


def _cache() -> Path:
    return platformdirs.user_cache_path("keras-workbench") / "unpacked"


def _left_behind() -> list[Path]:
    return list(_cache().rglob("*")) if _cache().exists() else []


@pytest.mark.parametrize("name", ["../out.png", "a/../../out.png", "/etc/out.png", "C:/out.png", "..\\out.png"])
def test_that_a_name_that_leads_outside_is_refused(tmp_path: Path, name: str) -> None:
    path = _zip(tmp_path / "bad.zip", {"a/fine.png": encoded(noise()), name: encoded(noise())})
    with pytest.raises(DataError, match="the name"):
        archive.unpacked(path, Work())
    assert not _left_behind()
    assert not (tmp_path / "out.png").exists()


def test_that_a_link_is_refused(tmp_path: Path) -> None:
    member = zipfile.ZipInfo("a/link.png")
    member.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as packed:
        packed.writestr(member, "/etc/passwd")
    with pytest.raises(DataError, match="the link"):
        archive.unpacked(tmp_path / "bad.zip", Work())


def test_that_a_bomb_is_refused(tmp_path: Path) -> None:
    path = _zip(tmp_path / "bomb.zip", {"a/large.png": bytes(30 * 2**20)})
    with pytest.raises(DataError, match="packed into"):
        archive.unpacked(path, Work())
    assert not _left_behind()


def test_that_a_zip_without_pictures_or_cut_short_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no JPEG"):
        archive.unpacked(_zip(tmp_path / "table.zip", {"table.csv": b"a,b\n1,2\n"}), Work())
    whole = _zip(tmp_path / "whole.zip", {f"a/{seed}.png": encoded(noise(seed=seed)) for seed in range(5)}).read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match="whole zip"):
        archive.unpacked(tmp_path / "cut.zip", Work())
    damaged = bytearray(whole)
    damaged[120:160] = bytes(40)
    (tmp_path / "damaged.zip").write_bytes(damaged)
    with pytest.raises(DataError, match="whole zip"):
        archive.unpacked(tmp_path / "damaged.zip", Work())
    assert not _left_behind()


def test_that_it_is_unpacked_once_and_again_when_it_changes(tmp_path: Path) -> None:
    path = _zip(tmp_path / "set.zip", {"a/1.png": encoded(noise())})
    first = archive.unpacked(path, Work())
    made = (first / "a" / "1.png").stat().st_mtime_ns
    assert archive.unpacked(path, Work()) == first
    assert (first / "a" / "1.png").stat().st_mtime_ns == made
    _zip(path, {"a/1.png": encoded(noise()), "a/2.png": encoded(noise(seed=2))})
    second = archive.unpacked(path, Work())
    assert second != first
    assert (second / "a" / "2.png").is_file()


def test_that_a_cancelled_unpacking_leaves_nothing(tmp_path: Path) -> None:
    path = _zip(tmp_path / "set.zip", {"a/1.png": encoded(noise())})
    token = CancelToken()
    token.stop()
    with pytest.raises(Cancelled):
        archive.unpacked(path, Work(None, token))
    assert not _left_behind()
