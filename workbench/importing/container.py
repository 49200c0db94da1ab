"""The outside of a model file: which kind it is, and its zip looked at before anything is taken out of it."""

from __future__ import annotations

import dataclasses
import shutil
import stat
import zipfile
import zlib
from pathlib import Path
from typing import IO, Any, Literal

from workbench.core.files import read_failed
from workbench.importing import text
from workbench.importing.limits import (
    MOST_BYTES,
    MOST_CONFIG_BYTES,
    MOST_MEMBERS,
    MOST_RATIO,
    RATIO_FROM,
    damaged,
    refused,
)

Form = Literal["keras", "h5", "json"]

CONFIG, METADATA, WEIGHTS = "config.json", "metadata.json", "model.weights.h5"
HDF5_MAGIC = b"\x89HDF\r\n\x1a\n"
_HEAD = 64
_CHUNK = 1 << 20


@dataclasses.dataclass(frozen=True)
class Opened:
    """What a .keras or JSON file holds besides weights.

    Args:
        form: Which kind of file it is.
        config: The architecture, as Keras words it.
        weights: Whether there are weights too.
        assets: Whether there are further files, such as vocabularies.
    """

    form: Form
    config: dict[str, Any]
    weights: bool = False
    assets: bool = False


def form_of(path: Path) -> Form:
    """Which kind of model file this is, told from its first bytes.

    Raises:
        FileError: It cannot be read, or is none.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise read_failed(path, error) from error
    if head.startswith(b"PK\x03\x04"):
        return "keras"
    if head.startswith(HDF5_MAGIC):
        return "h5"
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return "json"
    raise damaged(path.name, "it is no zip, no HDF5 and no JSON" if head else "it is empty")


def open_json(path: Path) -> Opened:
    """An architecture as `model.to_json()` writes it."""
    try:
        if path.stat().st_size > MOST_CONFIG_BYTES:
            raise refused(path.name, f"a description of {path.stat().st_size:,} bytes")
        data = path.read_bytes()
    except OSError as error:
        raise read_failed(path, error) from error
    return Opened("json", text.read(path.name, data.removeprefix(b"\xef\xbb\xbf")))


def open_keras(path: Path) -> Opened:
    """The description inside a .keras file, once the zip is found harmless.

    Raises:
        FileError: The zip is damaged, or holds what no model does.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            _check(path.name, members)
            names = {member.filename for member in members}
            if CONFIG not in names:
                raise damaged(path.name, f"there is no {CONFIG} in it")
            data = _taken(path.name, archive, CONFIG)
            if METADATA in names:
                text.read(path.name, _taken(path.name, archive, METADATA))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise damaged(path.name, str(error)) from error
    except OSError as error:
        raise read_failed(path, error) from error
    assets = any(name.startswith("assets/") and not name.endswith("/") for name in names)
    return Opened("keras", text.read(path.name, data), WEIGHTS in names, assets)


def unpack_weights(path: Path, target: Path) -> None:
    """Put a checked .keras file's weights at `target`, and not a byte more than the zip promised."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(WEIGHTS) as source, target.open("wb") as copy:
            _copy(path.name, source, copy, archive.getinfo(WEIGHTS).file_size)
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError) as error:
        raise damaged(path.name, str(error)) from error
    except OSError as error:
        raise read_failed(path, error) from error


def _copy(name: str, source: IO[bytes], copy: IO[bytes], promised: int) -> None:
    left = promised
    while chunk := source.read(_CHUNK):
        left -= len(chunk)
        if left < 0:
            raise refused(name, f"more under {WEIGHTS} than promised")
        copy.write(chunk)


def _taken(name: str, archive: zipfile.ZipFile, member: str) -> bytes:
    with archive.open(member) as source:
        data = source.read(MOST_CONFIG_BYTES + 1)
    if len(data) > MOST_CONFIG_BYTES:
        raise refused(name, f"a {member} of more than {MOST_CONFIG_BYTES:,} bytes")
    return data


def _check(name: str, members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_MEMBERS:
        raise refused(name, f"{len(members):,} members")
    if len({member.filename for member in members}) < len(members):
        raise refused(name, "a member twice")
    for member in members:
        _check_member(name, member)
    total = sum(member.file_size for member in members)
    if total > MOST_BYTES:
        raise refused(name, f"{total:,} bytes unpacked")


def _check_member(name: str, member: zipfile.ZipInfo) -> None:
    told = repr(member.filename[:80])
    parts = member.filename.split("/")
    inside = parts[0] == "assets" and len(parts) > 1
    harmless = all(
        part not in ("..", ".") and "\\" not in part and ":" not in part and "\0" not in part for part in parts
    )
    if not (member.filename in (CONFIG, METADATA, WEIGHTS) or (inside and harmless and "" not in parts[:-1])):
        raise refused(name, f"the member {told}")
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR) or (kind == stat.S_IFDIR and not member.is_dir()):
        raise refused(name, f"the link {told}")
    if member.flag_bits & 1:
        raise refused(name, f"the locked member {told}")
    if member.file_size > RATIO_FROM and member.file_size > MOST_RATIO * max(member.compress_size, 1):
        raise refused(name, f"{told}, {member.file_size:,} bytes packed into {member.compress_size:,}")
    if member.filename != WEIGHTS and not inside and member.file_size > MOST_CONFIG_BYTES:
        raise refused(name, f"{told} of {member.file_size:,} bytes")


def copied(path: Path, target: Path) -> None:
    """A private copy, so that what was looked at is what is read."""
    try:
        shutil.copyfile(path, target)
    except OSError as error:
        raise read_failed(path, error) from error
