"""One file from the net, with progress, cancel and checksum: at its place whole and verified, or not at all."""

from __future__ import annotations

import hashlib
import http.client
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from workbench.core.errors import DataError
from workbench.core.files import replacing
from workbench.data.work import Work

_CHUNK = 2**18
_TIMEOUT_S = 30.0


def matches(path: Path, digest: str, work: Work) -> bool:
    """Whether the file at `path` has the checksum (SHA-256 or MD5, told by its length)."""
    if not path.is_file():
        return False
    check = _checker(digest)
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            work.look()
            check.update(chunk)
    return check.hexdigest() == digest


def _checker(digest: str) -> hashlib._Hash:
    return hashlib.sha256() if len(digest) == 64 else hashlib.md5(usedforsecurity=False)


def fetch(url: str, target: Path, digest: str, work: Work, words: str) -> Path:
    """The file at `url`, in `target`; fetched only when it is not there or differs from its checksum.

    Args:
        url: Where it is fetched from.
        target: Where it is kept.
        digest: SHA-256 or MD5, hexadecimal.
        work: Told how much has come; looked at between chunks.
        words: What to say while fetching.

    Raises:
        DataError: No connection, the server refuses, or what came is not the file.
        FileError: It cannot be written.
        Cancelled: The user asked for the end; nothing is left behind.
    """
    if matches(target, digest, work):
        return target
    work.tell(None, words)
    check = _checker(digest)
    hint = f"Check the connection and try again. Or fetch {url} elsewhere and put it at {target}."
    with replacing(target) as temporary, temporary.open("wb") as file:
        come = 0
        for chunk, total in _chunks(url, hint):
            file.write(chunk)
            check.update(chunk)
            come += len(chunk)
            work.tell(min(come / total, 1.0) if total else None, f"{words}: {come / 2**20:.1f} MB")
        if check.hexdigest() != digest:
            raise DataError("What was fetched must be the dataset, whole.", "its checksum differs", hint)
    return target


def _chunks(url: str, hint: str) -> Iterator[tuple[bytes, int]]:
    """The bytes at `url` as they come, each with the number of all (0: not told)."""
    request = urllib.request.Request(url, headers={"User-Agent": "keras-workbench"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as answer:  # noqa: S310
            total = int(answer.headers.get("Content-Length") or 0)
            while chunk := answer.read(_CHUNK):
                yield chunk, total
    except urllib.error.HTTPError as error:
        raise DataError("The dataset must be there to be fetched.", f"{error.code} {error.reason}", hint) from error
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", None) or str(error) or type(error).__name__
        raise DataError("Fetching a dataset needs a network connection.", str(reason), hint) from error
