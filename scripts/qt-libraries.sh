#!/bin/sh
# Installs the shared libraries and a font that Qt needs on Debian and Ubuntu, or says how.
set -eu
[ "$(uname -s)" = Linux ] || exit 0

packages="libegl1 libgl1 libxkbcommon0 libxkbcommon-x11-0 libfontconfig1 libdbus-1-3 libglib2.0-0 libx11-xcb1 \
libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 \
libxcb-util1 libxcb-xkb1"

qt=$(.venv/bin/python -c 'import importlib.util as u, pathlib; print(pathlib.Path(u.find_spec("PySide6").origin).parent)')
missing=$(ldd "$qt"/Qt/lib/libQt6Widgets.so.6 "$qt"/Qt/lib/libQt6Gui.so.6 "$qt"/Qt/plugins/platforms/libqxcb.so \
    "$qt"/Qt/plugins/platforms/libqoffscreen.so 2>/dev/null | awk '/not found/ {print $1}' | sort -u | tr '\n' ' ')
if [ -z "$(find /usr/share/fonts /usr/local/share/fonts -name '*.[ot]tf' 2>/dev/null | head -n 1)" ]; then
    packages="$packages fonts-dejavu-core"
    missing="$missing a font"
fi
[ -n "$missing" ] || exit 0

command="apt-get install -y --no-install-recommends $packages"
as_root=""
if [ "$(id -u)" != 0 ]; then
    as_root="sudo -n"
    sudo -n true 2>/dev/null || as_root="none"
fi
if command -v apt-get >/dev/null 2>&1 && [ "$as_root" != none ]; then
    echo "Installing what Qt needs: $missing"
    export DEBIAN_FRONTEND=noninteractive
    if { $as_root apt-get update -qq && $as_root $command -qq; } >/dev/null 2>&1; then
        exit 0
    fi
fi
echo "The window needs shared libraries that are missing here: $missing" >&2
echo "Install them with: sudo $command" >&2
