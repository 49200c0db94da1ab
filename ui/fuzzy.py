"""Finding by a few letters: every letter in order, whole words and beginnings of words first."""

from __future__ import annotations

import re


def score(query: str, text: str) -> float | None:
    """How well a text answers a query, higher is better; None when it does not."""
    query, text = query.casefold().strip(), text.casefold()
    if not query:
        return 0.0
    at = text.find(query)
    if at >= 0:
        begins = at == 0 or not text[at - 1].isalnum()
        return 100 + 20 * begins + 20 * (at == 0) - at * 0.1 - len(text) * 0.05
    words = query.split()
    if len(words) > 1 and all(word in text for word in words):
        return 70 - len(text) * 0.05
    return _scattered(query.replace(" ", ""), text)


def _scattered(letters: str, text: str) -> float | None:
    starts = {match.start() for match in re.finditer(r"\b\w", text)}
    total, last = 0.0, -1
    for letter in letters:
        at = text.find(letter, last + 1)
        start = next((place for place in sorted(starts) if place > last and text[place] == letter), None)
        if start is not None:
            at = start
        if at < 0:
            return None
        total += 6 if at in starts else 3 if at == last + 1 else -1
        last = at
    return total - len(text) * 0.05 if total > 0 else None
