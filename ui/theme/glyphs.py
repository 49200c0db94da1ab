"""Arrows and ticks for the style sheet, which takes files only: written once to the cache."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path

import platformdirs

from workbench.core.errors import FileError
from workbench.core.files import write_bytes

log = logging.getLogger(__name__)


def glyph(name: str, color: str, size: int = 16) -> str:
    """A style sheet's `url(...)` for a tinted icon; "none" where the cache cannot be written."""
    from ui.theme.icons_svg import svg

    data = svg(name, color, size)
    folder = Path(platformdirs.user_cache_dir("keras-workbench", appauthor=False)) / "glyphs"
    path = folder / f"{name}-{hashlib.sha256(data).hexdigest()[:10]}.svg"
    if not path.exists():
        try:
            write_bytes(path, data)
        except FileError as error:
            log.warning("No glyphs: %s", error)
            return "none"
    return f'url("{path.as_posix()}")'
