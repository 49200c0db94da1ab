#!/bin/sh
# Makes .venv with the locked dependencies. Argument: what to install, "." or ".[dev]".
set -eu
cd "$(dirname "$0")/.."
what=${1:-.}

fits() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1
}

find_python() {
    for candidate in ${PYTHON:-} python3 python3.12 python3.13 python3.11 python; do
        if fits "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    found=$(python3 --version 2>/dev/null || echo "no Python at all")
    echo "Keras Workbench needs Python 3.11, 3.12 or 3.13 (TensorFlow has no build for others). Found: $found." >&2
    echo "Install one of them (Debian/Ubuntu: sudo apt-get install python3 python3-venv), or name it: make setup PYTHON=/path/to/python3.12" >&2
    exit 1
}

if ! fits .venv/bin/python; then
    python=$(find_python)
    echo "Making .venv with $("$python" --version) ..."
    rm -rf .venv
    if ! "$python" -m venv .venv; then
        rm -rf .venv
        echo "Python could not make a virtual environment. On Debian or Ubuntu: sudo apt-get install python3-venv" >&2
        exit 1
    fi
fi

echo "Installing the locked dependencies (about 2 GB on the disk the first time) ..."
.venv/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable "$what"
sh scripts/qt-libraries.sh
