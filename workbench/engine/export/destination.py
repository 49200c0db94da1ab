"""Where an export may go: nowhere that would cost the user something else."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from workbench.catalog.formats import FormatSpec
from workbench.core.errors import ExportError
from workbench.core.files import replacing, replacing_folder
from workbench.engine.export import manifest


def checked(out: Path, spec: FormatSpec) -> Path:
    """The absolute path to write to, its suffix added where it lacks one.

    Raises:
        ExportError: Something stands there that is no export of ours.
    """
    out = out.expanduser().absolute()
    if spec.is_folder:
        _check_folder(out)
        return out
    if out.suffix != spec.suffix:
        out = out.with_name(out.name + spec.suffix)
    if out.is_dir():
        raise ExportError(f"A {spec.suffix} export is a file.", f"{out} is a folder", "Choose another name.")
    if out.exists() and manifest.ours(out) is None:
        raise ExportError(
            "An export replaces only an earlier export.", f"{out} was made by something else", "Choose another name."
        )
    return out


def _check_folder(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise ExportError("A SavedModel is a folder.", f"{out} is a file", "Choose another name.")
    if not out.is_dir() or not any(out.iterdir()):
        return
    body = manifest.ours(out)
    if body is None:
        raise ExportError(
            "An export goes into a new or empty folder, or replaces an earlier export.",
            f"{out} holds other files",
            "Choose another folder.",
        )
    others = manifest.strangers(out, body)
    if others:
        raise ExportError(
            "An export replaces an earlier one as a whole.",
            f"{out} also holds {', '.join(others[:5])}",
            "Move these away, or choose another folder.",
        )


@contextlib.contextmanager
def placed(out: Path, spec: FormatSpec) -> Iterator[Path]:
    """Yield a temporary place beside `out` that takes its place on leaving well, and is removed otherwise."""
    with (replacing_folder if spec.is_folder else replacing)(out) as place:
        yield place
