"""A lock on a file that one holder has at a time, in all processes; the system frees it when a process dies."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

LOOK_S = 0.05
_TAKEN = (errno.EWOULDBLOCK, errno.EACCES, errno.EAGAIN, errno.EDEADLK)
_FAR = 2**30  # Windows locks bytes, and lets nobody read those: none of the file's own

if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        os.lseek(handle, _FAR, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextlib.contextmanager
def held(path: Path, patience_s: float = 0.0) -> Iterator[bool]:
    """Hold the lock on a file that is there; yields whether nobody else has it.

    A file or a file system that cannot be locked keeps nobody out.

    Args:
        path: The file; it is not changed.
        patience_s: For how long it is waited for.
    """
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        yield True
        return
    try:
        yield _waited_for(handle, time.monotonic() + patience_s)
    finally:
        os.close(handle)  # which frees the lock


def _waited_for(handle: int, until: float) -> bool:
    while True:
        try:
            _lock(handle)
        except OSError as error:
            if error.errno not in _TAKEN:
                return True
            if time.monotonic() >= until:
                return False
            time.sleep(LOOK_S)
        else:
            return True
