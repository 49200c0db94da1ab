"""Where the details of unexpected failures go."""

from __future__ import annotations

import logging
import logging.handlers
from pathlib import Path

import platformdirs


def path() -> Path:
    """The log file."""
    return Path(platformdirs.user_log_dir("keras-workbench", appauthor=False)) / "workbench.log"


def start() -> None:
    """Log to a small rotating file; a disk that refuses it is no reason not to work."""
    root = logging.getLogger()
    if any(isinstance(handler, logging.handlers.RotatingFileHandler) for handler in root.handlers):
        return
    try:
        path().parent.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            path(), maxBytes=1_000_000, backupCount=2, encoding="utf-8", delay=True
        )
    except OSError:
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    handler.setLevel(logging.WARNING)
    root.addHandler(handler)
