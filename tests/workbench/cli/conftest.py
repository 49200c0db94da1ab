"""The command line in this process, its answers read back."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from workbench.cli import main


class Answer(NamedTuple):
    """What a command answered: its exit status and its JSON lines (or its words)."""

    status: int
    lines: list[Any]
    words: str
    errors: str

    @property
    def value(self) -> Any:
        """The one JSON value."""
        assert len(self.lines) == 1, self
        return self.lines[0]


@pytest.fixture
def workbench(capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Run `workbench` with these words."""

    def run(*words: object) -> Answer:
        capsys.readouterr()
        status = main([str(word) for word in words])
        out, err = capsys.readouterr()
        lines = [json.loads(line) for line in out.splitlines()] if "--json" in words else []
        return Answer(status, lines, out, err)

    return run
