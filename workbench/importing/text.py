"""The JSON inside a model file, read strictly: no key twice, no NaN, no endless nesting."""

from __future__ import annotations

import json
from typing import Any

from workbench.importing.limits import MOST_CONFIG_BYTES, MOST_DEPTH, damaged, refused


def read(name: str, data: bytes | str) -> dict[str, Any]:
    """The JSON object in `data`.

    Args:
        name: What the file is called, for the error.
        data: Its text.

    Raises:
        FileError: It is no JSON object, or one that no program writes.
    """
    if len(data) > MOST_CONFIG_BYTES:
        raise refused(name, f"a description of {len(data):,} bytes")
    try:
        text = data.decode("utf-8") if isinstance(data, bytes) else data
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant, parse_int=_integer)
    except RecursionError:
        raise refused(name, f"a description nested more than {MOST_DEPTH} deep") from None
    except _Strange as strange:
        raise refused(name, str(strange)) from None
    except ValueError as error:
        raise damaged(name, f"its description is no JSON: {error}") from error
    if not isinstance(value, dict):
        raise damaged(name, "its description is no JSON object")
    _check_depth(name, value)
    return value


class _Strange(Exception):
    """What the JSON grammar, or Python's reader, would let through."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _Strange(f"the key {twice[:60]!r} stands twice in one object")
    return found


def _no_constant(word: str) -> Any:
    raise _Strange(f"the number {word}")


def _integer(digits: str) -> int:
    if len(digits) > 20:
        raise _Strange(f"a number of {len(digits)} digits")
    return int(digits)


def _check_depth(name: str, value: Any) -> None:
    level = [value]
    for _ in range(MOST_DEPTH):
        level = [
            item
            for holder in level
            if isinstance(holder, dict | list)
            for item in (holder.values() if isinstance(holder, dict) else holder)
        ]
        if not level:
            return
    raise refused(name, f"a description nested more than {MOST_DEPTH} deep")
