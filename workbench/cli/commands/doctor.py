"""`workbench doctor`: what this machine offers, and what it lacks."""

from __future__ import annotations

from workbench.cli import output
from workbench.cli.commands.options import AsJson


def doctor(as_json: AsJson = False) -> None:
    """Tell versions and devices, why no GPU is used, and the remedy."""
    from workbench.engine.doctor import diagnose

    found = diagnose()
    if as_json:
        output.emit(found.to_json())
    else:
        output.answer(found.to_text())
