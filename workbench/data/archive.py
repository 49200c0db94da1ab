"""A zip of picture folders, unpacked once into the cache: only pictures, only inside, and no more than it promises."""

from __future__ import annotations

import hashlib
import shutil
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

import platformdirs

from workbench.core.errors import DataError
from workbench.core.files import read_failed, replacing_folder
from workbench.data import imaging
from workbench.data.findings import counted
from workbench.data.work import Work

MOST_MEMBERS = 2_000_000
MOST_BYTES = 100 * 2**30
MOST_RATIO = 200
_RATIO_FROM = 10 * 2**20
_CHUNK = 2**20


def unpacked(path: Path, work: Work) -> Path:
    """The folder with the pictures of a zip; unpacked anew only when the zip has changed.

    Raises:
        DataError: It is no whole zip, or it would harm.
        FileError: It cannot be read, or there is no room to unpack it.
        Cancelled: The user asked for the end; nothing is left behind.
    """
    try:
        told = path.stat()
    except OSError as error:
        raise read_failed(path, error) from error
    key = hashlib.sha256(f"{path.resolve()}|{told.st_size}|{told.st_mtime_ns}".encode()).hexdigest()[:24]
    folder = platformdirs.user_cache_path("keras-workbench") / "unpacked" / key
    if not folder.is_dir():
        try:
            with zipfile.ZipFile(path) as archive:
                members = _members(path, archive)
                with replacing_folder(folder) as temporary:
                    _unpack(path, archive, members, temporary, work)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise DataError(f"{path.name} must be a whole zip.", str(error), "Make or fetch it anew.") from error
    return folder


def _refuse(path: Path, why: str) -> DataError:
    return DataError(
        "A zip must hold only plain files inside its own folder.", f"{why} in {path.name}", "Do not trust it."
    )


def _members(path: Path, archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The pictures in the zip, once all of its members are found harmless."""
    members = archive.infolist()
    if len(members) > MOST_MEMBERS:
        raise _refuse(path, counted(len(members), "member"))
    for member in members:
        name = PurePosixPath(member.filename.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts or ":" in (name.parts or ("",))[0] or "\x00" in member.filename:
            raise _refuse(path, f"the name {member.filename!r}")
        if stat.S_ISLNK(member.external_attr >> 16):
            raise _refuse(path, f"the link {member.filename!r}")
    pictures = [member for member in members if not member.is_dir() and _wanted(member)]
    if not pictures:
        raise DataError(
            "A zip must hold folders of pictures.",
            f"no JPEG, PNG, BMP or GIF in {path.name}",
            "For a table or arrays, unpack it and pick the file.",
        )
    total = sum(member.file_size for member in pictures)
    packed = sum(member.compress_size for member in pictures)
    if total > MOST_BYTES or (total > _RATIO_FROM and total > MOST_RATIO * max(packed, 1)):
        raise _refuse(path, f"{total / 2**30:.1f} GB packed into {packed / 2**20:.1f} MB")
    return pictures


def _wanted(member: zipfile.ZipInfo) -> bool:
    name = PurePosixPath(member.filename.replace("\\", "/"))
    return name.suffix.lower() in imaging.SUFFIXES and "__MACOSX" not in name.parts


def _unpack(path: Path, archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], folder: Path, work: Work) -> None:
    needed = sum(member.file_size for member in members)
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise DataError(
            "There must be room to unpack the zip.",
            f"{needed / 2**20:,.0f} MB needed, {free / 2**20:,.0f} MB free in {folder.parent}",
            "Free some space, or unpack it elsewhere and pick the folder.",
        )
    for number, member in enumerate(members):
        if number % 64 == 0:
            work.tell(number / len(members), f"Unpacking {path.name}")
        if member.flag_bits & 1:
            raise _refuse(path, f"the locked file {member.filename!r}")
        place = folder.joinpath(*PurePosixPath(member.filename.replace("\\", "/")).parts)
        place.parent.mkdir(parents=True, exist_ok=True)
        left = member.file_size
        with archive.open(member) as source, place.open("wb") as copy:
            while chunk := source.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise _refuse(path, f"more than promised under {member.filename!r}")
                copy.write(chunk)
