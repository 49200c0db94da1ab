"""Inception V3: convolutions taken apart into cheaper ones, side by side."""

from __future__ import annotations

from preset_drawing import Drawing, Recipe
from presets_pictures import head, pictures
from presets_pictures_deep import DEEP_PLAN, normed

from workbench.graph.model import Graph


def _conv(
    drawing: Drawing, filters: int, kernel: int | list[int], *sources: str, strides: int = 1, padding: str = "same"
) -> str:
    return normed(drawing, filters, kernel, *sources, strides=strides, padding=padding, scale=False)


def _pooled(drawing: Drawing, filters: int, entry: str) -> str:
    pool = drawing.add("AveragePooling2D", entry, pool_size=3, strides=1, padding="same")
    return _conv(drawing, filters, 1, pool)


def _squares(drawing: Drawing, name: str, pooled: int) -> None:
    """1x1, 5x5, two 3x3 one behind the other, and pooling."""
    with drawing.block(name) as entry:
        one = _conv(drawing, 64, 1, entry)
        five = _conv(drawing, 64, 5, _conv(drawing, 48, 1, entry))
        three = _conv(drawing, 96, 3, _conv(drawing, 96, 3, _conv(drawing, 64, 1, entry)))
        drawing.add("Concatenate", one, five, three, _pooled(drawing, pooled, entry))


def _strips(drawing: Drawing, name: str, width: int) -> None:
    """1x1, 7x7 as a row and a column, the same twice, and pooling."""
    row, column = [1, 7], [7, 1]
    with drawing.block(name) as entry:
        one = _conv(drawing, 192, 1, entry)
        _conv(drawing, width, 1, entry)
        _conv(drawing, width, row)
        seven = _conv(drawing, 192, column)
        _conv(drawing, width, 1, entry)
        for kernel in (column, row, column):
            _conv(drawing, width, kernel)
        twice = _conv(drawing, 192, row)
        drawing.add("Concatenate", one, seven, twice, _pooled(drawing, 192, entry))


def _forks(drawing: Drawing, name: str) -> None:
    """1x1, 3x3 as a row beside a column, the same behind a 3x3, and pooling."""
    with drawing.block(name) as entry:
        one = _conv(drawing, 320, 1, entry)
        ways = (_conv(drawing, 384, 1, entry), _conv(drawing, 384, 3, _conv(drawing, 448, 1, entry)))
        joined = [
            drawing.add("Concatenate", *[_conv(drawing, 384, kernel, way) for kernel in ([1, 3], [3, 1])])
            for way in ways
        ]
        drawing.add("Concatenate", one, *joined, _pooled(drawing, 192, entry))


def inception_v3() -> Graph:
    """A stem, eleven modules, and pooling."""
    drawing = Drawing()
    with drawing.block("Stem"):
        _conv(drawing, 32, 3, strides=2, padding="valid")
        _conv(drawing, 32, 3, padding="valid")
        _conv(drawing, 64, 3)
        drawing.add("MaxPooling2D", pool_size=3, strides=2)
        _conv(drawing, 80, 1, padding="valid")
        _conv(drawing, 192, 3, padding="valid")
        drawing.add("MaxPooling2D", pool_size=3, strides=2)
    for number, pooled in enumerate((32, 64, 64)):
        _squares(drawing, f"Mixed {number}", pooled)
    with drawing.block("Mixed 3") as entry:
        three = _conv(drawing, 384, 3, entry, strides=2, padding="valid")
        _conv(drawing, 96, 3, _conv(drawing, 64, 1, entry))
        twice = _conv(drawing, 96, 3, strides=2, padding="valid")
        drawing.add("Concatenate", three, twice, drawing.add("MaxPooling2D", entry, pool_size=3, strides=2))
    for number, width in enumerate((128, 160, 160, 192), 4):
        _strips(drawing, f"Mixed {number}", width)
    with drawing.block("Mixed 8") as entry:
        three = _conv(drawing, 320, 3, _conv(drawing, 192, 1, entry), strides=2, padding="valid")
        _conv(drawing, 192, 1, entry)
        _conv(drawing, 192, [1, 7])
        _conv(drawing, 192, [7, 1])
        seven = _conv(drawing, 192, 3, strides=2, padding="valid")
        drawing.add("Concatenate", three, seven, drawing.add("MaxPooling2D", entry, pool_size=3, strides=2))
    for number in (9, 10):
        _forks(drawing, f"Mixed {number}")
    drawing.add("GlobalAveragePooling2D")
    return head(drawing, 0.2)


INCEPTION = (
    Recipe(
        "inception-v3",
        "Inception V3",
        "Eleven modules of convolutions taken apart into cheaper ones, for pictures of 75 pixels and more.",
        pictures(75),
        inception_v3(),
        DEEP_PLAN,
        {
            "order": 100,
            "paper": {
                "authors": "Szegedy, Vanhoucke, Ioffe, Shlens, Wojna",
                "year": 2015,
                "title": "Rethinking the Inception architecture for computer vision",
                "arxiv": "1512.00567",
            },
            "published_parameters": 23_817_352,
            "note": "The helper that was for training only is left out.",
            "reference_input": [299, 299, 3],
            "reference_classes": 1000,
        },
    ),
)
