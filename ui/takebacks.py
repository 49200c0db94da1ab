"""What was done outside the document and can be taken back, by undo or by its notice, until something is edited."""

from __future__ import annotations

from collections.abc import Callable


class Takebacks:
    """Deeds in their order, the last of which undo takes back first; each is taken back once.

    Args:
        told: Called after one was taken back.
    """

    def __init__(self, told: Callable[[], None]) -> None:
        self._told = told
        self._entries: list[tuple[str, Callable[[], None]]] = []

    @property
    def label(self) -> str | None:
        """What the last deed was, as the undo entry says it."""
        return self._entries[-1][0] if self._entries else None

    def add(self, label: str, deed: Callable[[], object]) -> Callable[[], None]:
        """Remember what takes a deed back; returns a call that does it, and nothing the second time."""
        waiting = [deed]

        def once() -> None:
            if waiting:
                self._entries = [entry for entry in self._entries if entry[1] is not once]
                waiting.pop()()
                self._told()

        self._entries.append((label, once))
        return once

    def take_last(self) -> bool:
        """Take the last deed back; whether there was one."""
        if not self._entries:
            return False
        self._entries[-1][1]()
        return True

    def forget(self) -> None:
        """Leave to their notices what was done before."""
        self._entries = []
