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
        return
    gigabyte = 1024**3
    output.table(
        ["", ""],
        [
            ["system", found.system],
            ["python", f"{found.python} ({found.executable})"],
            ["memory", f"{found.free_memory / gigabyte:.1f} of {found.memory / gigabyte:.1f} GB free"],
            ["devices", ", ".join(device.title for device in found.devices)],
            ["in use", found.in_use],
            *([["NVIDIA driver", found.driver]] if found.driver else []),
            *([name, version] for name, version in found.versions.items()),
        ],
    )
    if found.gpu_missing:
        output.answer(f"\nNo GPU is used: {found.gpu_missing}\n{found.remedy}".rstrip())
