"""Words for what pydantic refuses: which setting, what was received, what it must be."""

from __future__ import annotations

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from workbench.core.errors import WorkbenchError

Model = TypeVar("Model", bound=BaseModel)


def validated(model: type[Model], record: object, what: str, error: type[WorkbenchError], hint: str) -> Model:
    """`record` as a `model`.

    Args:
        model: The document class.
        record: Plain JSON values.
        what: What is being read, for the message ("The project file").
        error: The class to raise.
        hint: What the user can do about it.

    Raises:
        WorkbenchError: Of class `error`; names the first setting that does not fit.
    """
    try:
        return model.model_validate(record)
    except ValidationError as problem:
        raise error(f"{what} must be valid.", first_words(problem), hint) from problem


def first_words(problem: ValidationError) -> str:
    """The first complaint in one line: where, what is wrong, and what was received."""
    first = problem.errors(include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    message = first["msg"].removeprefix("Value error, ")
    received = "" if isinstance(first["input"], dict) else f" (received {_short(repr(first['input']))})"
    more = problem.error_count() - 1
    return f"{place + ': ' if place else ''}{message}{received}" + (f", and {more} more" if more else "")


def _short(words: str) -> str:
    return words if len(words) <= 80 else words[:77] + "..."
