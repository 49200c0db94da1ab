"""Opens the window; where there is no display, does the main job in the terminal instead."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import socket
import sys
from pathlib import Path

from workbench.cli import output
from workbench.core.errors import WorkbenchError


def has_display() -> bool:
    """Whether a window can be shown here."""
    if os.environ.get("QT_QPA_PLATFORM") or sys.platform in ("win32", "darwin"):
        return True
    return _wayland_answers() or _x11_answers()


def _wayland_answers() -> bool:
    name = os.environ.get("WAYLAND_DISPLAY")
    if not name:
        return False
    return Path(os.environ.get("XDG_RUNTIME_DIR", "/run"), name).exists()


def _x11_answers() -> bool:
    """Whether the X server named by DISPLAY takes connections; Qt would end the process where it does not."""
    name = os.environ.get("DISPLAY")
    if not name:
        return False
    host, _, rest = name.rpartition(":")
    number = rest.split(".")[0]
    if not number.isdigit():
        return False
    try:
        if host in ("", "unix") or host.startswith("/"):
            return _connects(socket.AF_UNIX, f"/tmp/.X11-unix/X{number}") or _connects(  # noqa: S108 (X11 puts it there)
                socket.AF_UNIX, f"\0/tmp/.X11-unix/X{number}"
            )
        with socket.create_connection((host, 6000 + int(number)), timeout=2):
            return True
    except OSError:
        return False


def _connects(family: int, address: str) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.settimeout(2)
        try:
            probe.connect(address)
        except OSError:
            return False
    return True


def _load_platform_plugin() -> None:
    """Load Qt's X11 plugin, if that is what Qt will use: Qt itself would end the process where a library is missing."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM") or _wayland_answers():
        return
    package = importlib.util.find_spec("PySide6")
    if package is None or package.origin is None:
        return
    plugin = Path(package.origin).parent / "Qt" / "plugins" / "platforms" / "libqxcb.so"
    if plugin.exists():
        ctypes.CDLL(str(plugin))


def open_window(arguments: list[str]) -> int:
    """Open the window and stay until it closes; without a display, run the quickstart in the terminal."""
    if not has_display():
        from workbench.cli.commands.quickstart import quickstart

        output.say("There is no display here, so the window cannot open. Doing its main job in the terminal instead:")
        return quickstart()
    try:
        _load_platform_plugin()
        from ui.app import main
    except (ImportError, OSError) as error:
        raise WorkbenchError(
            "The window needs shared libraries that are missing on this system.",
            str(error),
            "On Debian or Ubuntu: sudo apt-get install libegl1 libgl1 libxkbcommon0 libxkbcommon-x11-0 libfontconfig1 "
            "libdbus-1-3 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 "
            "libxcb-shape0 libxcb-xkb1",
        ) from error
    return int(main(arguments))
