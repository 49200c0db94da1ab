"""The headless twin: everything the window does, by command, on the same engine and the same events."""

from workbench.cli.app import main

__all__ = ["main"]
