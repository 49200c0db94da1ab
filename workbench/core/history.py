"""Undo and redo over immutable documents, in pure Python.

A document is never changed, only replaced, so an undo step is the pair of documents around one edit: indexes, links and
settings come back exactly, whatever the edit did. An edit runs first and is recorded second.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

Document = TypeVar("Document")


@dataclass(frozen=True)
class Step(Generic[Document]):
    """One edit: what it is called, the documents around it, and what may merge into it."""

    label: str
    before: Document
    after: Document
    merge_key: str | None = None


class History(Generic[Document]):
    """The current document and the way back and forth.

    Args:
        document: Where the history begins.
        limit: How many steps are kept; older ones are forgotten.
    """

    def __init__(self, document: Document, limit: int = 500) -> None:
        self._document = document
        self._saved = document
        self._done: list[Step[Document]] = []
        self._undone: list[Step[Document]] = []
        self._limit = limit

    @property
    def document(self) -> Document:
        return self._document

    @property
    def dirty(self) -> bool:
        """Whether the document differs from the one last marked as saved."""
        return self._document is not self._saved and self._document != self._saved

    @property
    def undo_label(self) -> str | None:
        return self._done[-1].label if self._done else None

    @property
    def redo_label(self) -> str | None:
        return self._undone[-1].label if self._undone else None

    def mark_saved(self) -> None:
        self._saved = self._document

    def push(self, label: str, after: Document, merge_key: str | None = None) -> bool:
        """Record the edit that led to `after`; returns False when it changed nothing.

        An edit with the same `merge_key` as the one before it joins that step (typing in one field is one undo); the
        redo steps are dropped either way.
        """
        if after == self._document:
            return False
        before = self._document
        self._undone.clear()
        if merge_key is not None and self._done and self._done[-1].merge_key == merge_key:
            before = self._done.pop().before
        self._document = after
        if after != before:
            self._done.append(Step(label, before, after, merge_key))
            del self._done[: -self._limit]
        return True

    def amend(self, change: Callable[[Document], Document]) -> None:
        """Carry out a change that is no step of its own (a new folder's name, say) in every document of the history."""
        self._done = [replace(step, before=change(step.before), after=change(step.after)) for step in self._done]
        self._undone = [replace(step, before=change(step.before), after=change(step.after)) for step in self._undone]
        self._document, self._saved = change(self._document), change(self._saved)

    def undo(self) -> Step[Document] | None:
        """Go one step back; returns that step, or None at the beginning."""
        if not self._done:
            return None
        step = self._done.pop()
        self._undone.append(step)
        self._document = step.before
        return step

    def redo(self) -> Step[Document] | None:
        """Go one step forth again; returns that step, or None at the end."""
        if not self._undone:
            return None
        step = self._undone.pop()
        self._done.append(step)
        self._document = step.after
        return step
