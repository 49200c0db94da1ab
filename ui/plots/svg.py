"""Qt's drawings of lines as every program reads them: lines in the places where they are seen."""

from __future__ import annotations

import re

_GROUP = re.compile(r'(<g [^>]*?transform="matrix\()([^)]*)(\)"[^>]*>)(.*?)(</g>)', re.DOTALL)
_SHAPE = re.compile(r"<(\w+)")
_PLACES = re.compile(r'((?:points|d)=")([^"]*)(")')
_NUMBER = r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?"
_PAIR = re.compile(f"({_NUMBER}),({_NUMBER})")
_KEEPS_WIDTH = ' vector-effect="non-scaling-stroke"'
_AS_IT_IS = "1,0,0,1,0,0"


def in_place(drawing: bytes) -> bytes:
    """A drawing whose stretched lines are moved to where they are seen, with the width that they have there.

    Qt stretches a plot's lines with their axes and asks that their width be kept, which many programs don't understand:
    they draw a line of 2 points hundreds of points wide.

    Args:
        drawing: An SVG that Qt has made.
    """
    return _GROUP.sub(_moved, drawing.decode()).encode()


def _moved(group: re.Match[str]) -> str:
    before, numbers, attributes, body, after = group.groups()
    shapes = _SHAPE.findall(body)
    if not shapes or set(shapes) - {"polyline", "path"} or body.count(_KEEPS_WIDTH) != len(shapes):
        return group.group(0)
    a, b, c, d, e, f = (float(number) for number in numbers.split(","))

    def seen(pair: re.Match[str]) -> str:
        x, y = float(pair[1]), float(pair[2])
        return f"{a * x + c * y + e:.6g},{b * x + d * y + f:.6g}"

    moved = _PLACES.sub(lambda places: places[1] + _PAIR.sub(seen, places[2]) + places[3], body)
    return before + _AS_IT_IS + attributes + moved.replace(_KEEPS_WIDTH, "") + after
