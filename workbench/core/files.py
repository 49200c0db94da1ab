"""The one place that writes files: a temporary sibling, flushed, then moved into place; the old file survives."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from workbench.core.errors import FileError
from workbench.core.jsonable import jsonable

_HINTS = {
    errno.ENOSPC: "The disk is full: free some space, or choose another folder.",
    errno.EDQUOT: "Your disk quota is used up: free some space, or choose another folder.",
    errno.EROFS: "The disk is read-only: choose another folder.",
    errno.EACCES: "You may not write there: choose another folder, or change its permissions.",
    errno.EPERM: "You may not write there: choose another folder, or change its permissions.",
    errno.ENOENT: "The folder is gone: choose another one.",
    errno.ENOTDIR: "A file stands where a folder is needed: choose another place.",
    errno.ENAMETOOLONG: "The name is too long: choose a shorter one.",
}


def write_failed(path: Path, error: OSError) -> FileError:
    """The user's words for a write that the system refused."""
    hint = _HINTS.get(error.errno or 0, "Choose another folder, or try again.")
    return FileError(f"{path} could not be written.", error.strerror or str(error), hint)


def read_failed(path: Path, error: OSError) -> FileError:
    """The user's words for a read that the system refused."""
    hints = {
        errno.ENOENT: "Check the path; the file may have been moved or renamed.",
        errno.EACCES: "You may not read it: change its permissions.",
        errno.EISDIR: "It is a folder: name a file inside it.",
    }
    hint = hints.get(error.errno or 0, "Check the disk and try again.")
    return FileError(f"{path} could not be read.", error.strerror or str(error), hint)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sibling(path: Path) -> Path:
    # The suffix stays last: Keras chooses the format by it.
    return path.with_name(f".{path.stem}.{uuid.uuid4().hex[:8]}.tmp{path.suffix}")


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield a temporary sibling to write to; on leaving well it takes the place of `path`, else it is removed.

    Raises:
        FileError: The system refused a write; `path` is as it was.
    """
    temporary = _sibling(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise write_failed(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def replacing_folder(path: Path) -> Iterator[Path]:
    """Yield a fresh temporary folder beside `path`; on leaving well it takes the place of `path`, else it is removed.

    A full folder cannot be replaced in one step, so the old one is moved aside first and comes back if the second
    step fails.

    Raises:
        FileError: The system refused a write; `path` is as it was.
    """
    temporary = _sibling(path)
    aside = _sibling(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.mkdir()
        yield temporary
        if path.exists():
            path.replace(aside)
        try:
            temporary.replace(path)
        except OSError:
            if aside.exists():
                aside.replace(path)
            raise
        _sync_folder(path.parent)
    except OSError as error:
        raise write_failed(path, error) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        if path.exists():
            _remove(aside)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)


def write_bytes(path: Path, data: bytes) -> None:
    """Put `data` at `path`, whole or not at all."""
    with replacing(path) as temporary, temporary.open("wb") as file:
        file.write(data)
        file.flush()


def write_text(path: Path, text: str) -> None:
    """Put `text` at `path` as UTF-8, whole or not at all."""
    write_bytes(path, text.encode("utf-8"))


def write_json(path: Path, value: Any) -> None:
    """Put `value` at `path` as JSON, whole or not at all; it is made into text before the disk is touched."""
    write_text(path, json.dumps(jsonable(value), indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def read_json(path: Path) -> Any:
    """The JSON value at `path`.

    Raises:
        FileError: The file cannot be read, or is no JSON (cut short, say); the message names the line.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise read_failed(path, error) from error
    except UnicodeDecodeError as error:
        raise FileError(
            f"{path} must be a UTF-8 text file.", f"byte {error.start} is not UTF-8", "Restore it from a copy."
        ) from error
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FileError(
            f"{path} must be a whole JSON file.",
            str(error),
            "It was cut short or edited by hand: restore it from a copy.",
        ) from error


@contextlib.contextmanager
def appending(path: Path) -> Iterator[IO[bytes]]:
    """Yield a log that bytes are added to, by another process too.

    Raises:
        FileError: The system refused.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab", buffering=0) as file:
            yield file
    except OSError as error:
        raise write_failed(path, error) from error


def append_line(path: Path, line: str) -> None:
    """Add one line to a log, whole or not at all; only a killed program leaves a torn one, for the reader to skip.

    Raises:
        FileError: The system refused the write.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab", buffering=0) as file:
            before = file.seek(0, os.SEEK_END)
            try:
                data = (line + "\n").encode()
                if file.write(data) != len(data):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            except OSError:
                with contextlib.suppress(OSError):
                    file.truncate(before)
                raise
    except OSError as error:
        raise write_failed(path, error) from error


def cut(path: Path, size: int) -> None:
    """Forget what a log holds beyond `size` bytes.

    Raises:
        FileError: The system refused it.
    """
    try:
        if path.exists() and path.stat().st_size > size:
            os.truncate(path, size)
    except OSError as error:
        raise write_failed(path, error) from error


def settled_size(path: Path) -> int:
    """How many bytes of a log are surely on the disk: all of it, from now on.

    Raises:
        FileError: The system refused it.
    """
    if not path.exists():
        return 0
    try:
        with path.open("rb+") as file:
            os.fsync(file.fileno())
            return file.seek(0, os.SEEK_END)
    except OSError as error:
        raise write_failed(path, error) from error
