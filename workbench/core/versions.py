"""Which versions of what we stand on are installed, without importing any of it."""

from __future__ import annotations

import platform
from importlib import metadata

_PACKAGES = ("tensorflow", "keras", "numpy", "PySide6-Essentials", "pyqtgraph", "polars", "pillow", "scikit-learn")


def versions() -> dict[str, str]:
    """Package name to version, with Python's own and ours; what is not installed is left out."""
    from workbench import __version__

    found = {"keras-workbench": __version__, "python": platform.python_version()}
    for package in _PACKAGES:
        try:
            found[package.lower()] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found
