"""The words that stand for "no value" in a table."""

from __future__ import annotations

MISSING_WORDS = frozenset(
    {
        "", "?", "-", "--", ".", "na", "n/a", "#n/a", "#na", "<na>", "#n/a n/a", "nan", "-nan", "null", "none", "nil",
        "1.#ind", "-1.#ind", "1.#qnan", "-1.#qnan", "missing", "(null)", "\\n",
    }
)  # fmt: skip
