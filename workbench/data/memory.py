"""How much memory there is to hold samples."""

from __future__ import annotations

import psutil

from workbench.core.errors import DataError


def check_room(needed: int, what: str, hint: str) -> None:
    """Raise when `needed` bytes are more than half of the free memory.

    Args:
        needed: Bytes.
        what: What needs them, for the message.
        hint: What to do then.

    Raises:
        DataError: They are.
    """
    available = int(psutil.virtual_memory().available)
    if needed > available / 2:
        raise DataError(
            "The samples must fit into half of the free memory.",
            f"{needed / 2**30:.1f} GB of {what}, {available / 2**30:.1f} GB free",
            hint,
        )
