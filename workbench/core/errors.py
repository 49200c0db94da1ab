"""Errors that a user can cause: the rule, what was received, and what to do next."""

from __future__ import annotations


class WorkbenchError(Exception):
    """Something a user can cause and mend.

    Args:
        rule: What must hold, as a sentence.
        received: What was found instead; names the file, column, layer or setting.
        hint: What to do next, as a sentence.
    """

    def __init__(self, rule: str, received: str = "", hint: str = "") -> None:
        super().__init__(rule, received, hint)
        self.rule = rule
        self.received = received
        self.hint = hint

    def __str__(self) -> str:
        parts = [self.rule]
        if self.received:
            parts.append(f"Received: {self.received}.")
        if self.hint:
            parts.append(self.hint)
        return " ".join(parts)

    def to_json(self) -> dict[str, str]:
        """The error as the command line's contract words it."""
        return {"rule": self.rule, "received": self.received, "hint": self.hint}


class UsageError(WorkbenchError):
    """A command or setting was asked for in a way that cannot be understood."""


class FileError(WorkbenchError):
    """A file could not be read or written."""


class DataError(WorkbenchError):
    """A dataset cannot be used as it is."""


class GraphError(WorkbenchError):
    """An edit would break a rule of the architecture."""


class ProjectError(WorkbenchError):
    """A project, preset or run cannot be opened or used."""


class TrainingError(WorkbenchError):
    """A training could not start or go on."""


class ExportError(WorkbenchError):
    """An export could not be made or did not hold."""


class Cancelled(Exception):
    """The user asked for the work to end; nothing is wrong."""
