"""Numbers as eyes like them: 0.9731, 1.2 M, 3 m 20 s."""

from __future__ import annotations

import math


def figure(value: float | None, digits: int = 4) -> str:
    """A measured number, rounded to a few digits; a dash where there is none."""
    if value is None:
        return "–"
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value == 0:
        return "0"
    size = abs(value)
    if size >= 1e6 or size < 1e-4:
        return f"{value:.{digits - 2}e}".replace("-", "−")
    decimals = max(0, digits - 1 - math.floor(math.log10(size))) if size >= 1 else digits
    return f"{value:,.{decimals}f}".replace("-", "−")


def amount(value: float) -> str:
    """A count or a rate: 950, 12.4 k, 1.2 M."""
    for limit, unit in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if value >= limit:
            return f"{value / (1e3 if unit == 'k' else limit):.1f} {unit}"
    return f"{value:,.0f}"


def duration(seconds: float) -> str:
    """A span of time in at most two units: 0.4 s, 12 s, 3 m 20 s, 2 h 5 m."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} m {rest} s"
    return f"{minutes // 60} h {minutes % 60} m"
