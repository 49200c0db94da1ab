"""An isolated run's two files: `live.jsonl`, which it writes and others follow, and `control.jsonl`, the other way.

The first line of `live.jsonl` says how much of `metrics.jsonl` came before it, so that who joins late reads the past
there and the present here, each event once. It begins anew when it has grown; the record is `metrics.jsonl`.
"""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import IO, Any

from workbench.core import events, files
from workbench.core.errors import FileError
from workbench.runs import store

LIVE_FILE = "live.jsonl"
CONTROL_FILE = "control.jsonl"
MOST_BYTES = 4 << 20


class LiveWriter:
    """Writes a run's events where others can follow them; a disk that refuses costs only what they see live.

    Args:
        path: Where to write.
        record: The run's `metrics.jsonl`, which has each event before this has it.
        most_bytes: From this size on the file begins anew.
    """

    def __init__(self, path: Path, record: Path, most_bytes: int = MOST_BYTES) -> None:
        self._path, self._record, self._most = path, record, most_bytes
        self._file: IO[bytes] | None = None
        self._torn = False

    def emit(self, event: events.Event) -> None:
        """Write one event."""
        # A run that goes on takes back what its record held beyond its checkpoint before it says that it started.
        started = isinstance(event, events.RunStarted)
        if self._file is None or started or self._file.tell() > self._most:
            self._begin()
        self._write(events.to_json(event))

    def _begin(self) -> None:
        """Begin anew: what the record holds by now is the past."""
        self.close()
        with contextlib.suppress(OSError):
            before = self._record.stat().st_size if self._record.exists() else 0
            fresh = self._path.with_name(f".{self._path.name}.tmp")
            # Windows replaces no file that someone has open: then it goes on as it is.
            with contextlib.suppress(PermissionError):
                fresh.write_bytes(_line({"before": before}))
                fresh.replace(self._path)
            self._file = self._path.open("ab", buffering=0)

    def _write(self, value: Any) -> None:
        if self._file is None:
            return
        try:
            self._file.write((b"\n" if self._torn else b"") + _line(value))
            self._torn = False
        except OSError:
            self._torn = True

    def close(self) -> None:
        """Write no more."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.close()
            self._file = None


def _line(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, allow_nan=False) + "\n").encode()


class Tail:
    """Reads the JSON objects that others append to a file, as they come; torn lines are passed over.

    Args:
        path: The file; it need not exist yet.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None
        self._rest = b""

    def read(self) -> list[dict[str, Any]]:
        """What has come since the last call, of a file that took the place of the last one too."""
        found = self._more()
        if self._file is None or self._replaced():
            found += self._more()
            self.close()
            with contextlib.suppress(OSError):
                self._file = self._path.open("rb")
            found += self._more()
        return found

    def _replaced(self) -> bool:
        assert self._file is not None, "asked only of an open file"
        try:
            return not os.path.samestat(self._path.stat(), os.fstat(self._file.fileno()))
        except OSError:
            return False

    def _more(self) -> list[dict[str, Any]]:
        if self._file is None:
            return []
        try:
            *lines, self._rest = (self._rest + self._file.read()).split(b"\n")
        except OSError:
            return []
        return [value for line in lines if (value := _parsed(line)) is not None]

    def close(self) -> None:
        """Read no more."""
        if self._file is not None:
            self._file.close()
            self._file, self._rest = None, b""


def _parsed(line: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(line)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


class EventTail:
    """Follows a run's events from its beginning: the past from its record, then what it tells live.

    Args:
        path: The run's `live.jsonl`.
        record: The run's `metrics.jsonl`.
    """

    def __init__(self, path: Path, record: Path) -> None:
        self.ended: events.RunEnded | None = None
        self._tail, self._record = Tail(path), record
        self._joined = False
        self._last: events.Event | None = None

    def read(self) -> list[events.Event]:
        """What has come since the last call; `ended` is set once the last word is among it."""
        found: list[events.Event] = []
        for value in self._tail.read():
            found += self._join(value) if "before" in value else self._live(value)
        return found

    def _join(self, value: dict[str, Any]) -> list[events.Event]:
        if self._joined:
            return []
        self._joined = True
        past = recorded(self._record, int(value["before"]))
        self._last = past.pop() if past else None
        return past

    def _live(self, value: dict[str, Any]) -> list[events.Event]:
        # The event that begins a file was written to the record just before, and is told once.
        last, self._last = self._last, None
        found = [] if last is None or events.to_json(last) == value else [last]
        for event in _event(value):
            found.append(event)
            if isinstance(event, events.RunEnded):
                self.ended = event
        return found

    def close(self) -> None:
        """Read no more."""
        self._tail.close()


def recorded(record: Path, size: int | None = None) -> list[events.Event]:
    """The events in the first `size` bytes of a run's record, all of them when None; none where it can't be read."""
    try:
        return store.events_in(record, 0, size)
    except FileError:
        return []


def _event(value: dict[str, Any]) -> list[events.Event]:
    try:
        return [events.from_json(value)]
    except (KeyError, TypeError, ValueError, AttributeError):
        return []


def send(path: Path, command: dict[str, Any]) -> None:
    """Add a command to a run's `control.jsonl`.

    Raises:
        FileError: It could not be written.
    """
    files.append_line(path, json.dumps(command, allow_nan=False))
