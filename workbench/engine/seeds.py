"""A seed of its own for each place in the network."""

from __future__ import annotations

import hashlib


def derived_seed(seed: int, *path: str) -> int:
    """A seed of its own for each place in the network; the same in every thread and process."""
    digest = hashlib.blake2b("/".join((str(seed), *path)).encode(), digest_size=4).digest()
    return int.from_bytes(digest, "big") & 0x7FFFFFFF
