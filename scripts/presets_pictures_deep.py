"""Very deep networks for pictures: ResNet, Inception V3, MobileNet, DenseNet, and the small kin of each."""

from __future__ import annotations

from typing import Any

from preset_drawing import Drawing, Recipe, patient
from presets_pictures import IMAGENET, LIGHT, SMALL_COLOUR, head, pictures

from workbench.graph.model import Graph

DEEP_PLAN = patient(60, 10, batch_size=32)


def normed(
    drawing: Drawing,
    filters: int,
    kernel: int | list[int],
    *sources: str,
    strides: int = 1,
    padding: str = "same",
    ceiling: float | None = None,
    active: bool = True,
    scale: bool = True,
) -> str:
    """A convolution without bias, batch normalization and, if active, ReLU."""
    params: dict[str, Any] = {"filters": filters, "kernel_size": kernel}
    params |= {"strides": strides} if strides != 1 else {}
    params |= {"padding": padding} if padding != "valid" else {}
    drawing.add("Conv2D", *sources, **params, use_bias=False)
    return norm(drawing, ceiling, active, scale)


def norm(drawing: Drawing, ceiling: float | None = None, active: bool = True, scale: bool = True) -> str:
    """Batch normalization and, if active, ReLU."""
    last = drawing.add("BatchNormalization", momentum=0.9, **({} if scale else {"scale": False}))
    if active:
        last = drawing.add("ReLU", **({"max_value": ceiling} if ceiling else {}))
    return last


def residual(drawing: Drawing, name: str, filters: int, strides: int, project: bool, wide: bool) -> None:
    """A block whose layers learn what to add to what came in."""
    with drawing.block(name) as entry:
        if wide:
            normed(drawing, filters, 1, strides=strides)
            normed(drawing, filters, 3)
            way = normed(drawing, 4 * filters, 1, active=False)
        else:
            normed(drawing, filters, 3, strides=strides)
            way = normed(drawing, filters, 3, active=False)
        skip = entry
        if project:
            skip = normed(drawing, (4 if wide else 1) * filters, 1, entry, strides=strides, active=False)
        drawing.add("Add", way, skip)
        drawing.add("ReLU")


def resnet(blocks: tuple[int, ...], filters: int, wide: bool, small: bool = False) -> Graph:
    """A stem and stages of residual blocks, each stage at half the size and with twice the filters."""
    drawing = Drawing()
    with drawing.block("Stem"):
        if small:
            normed(drawing, filters, 3)
        else:
            normed(drawing, filters, 7, strides=2)
            drawing.add("MaxPooling2D", pool_size=3, strides=2, padding="same")
    for stage, times in enumerate(blocks):
        for number in range(times):
            first = number == 0
            strides = 2 if first and stage else 1
            residual(
                drawing,
                f"Stage {stage + 1} block {number + 1}",
                filters * 2**stage,
                strides,
                first and (wide or stage > 0),
                wide,
            )
    drawing.add("GlobalAveragePooling2D")
    return head(drawing)


def mobilenet(alpha: float, small: bool = False) -> Graph:
    """A stem and thirteen convolutions parted into depthwise and pointwise ones."""
    drawing = Drawing()
    with drawing.block("Stem"):
        normed(drawing, int(32 * alpha), 3, strides=1 if small else 2, ceiling=6.0)
    steps = ((64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), *[(512, 1)] * 5, (1024, 2), (1024, 1))
    for number, (filters, strides) in enumerate(steps, 1):
        with drawing.block(f"Block {number}"):
            drawing.add("DepthwiseConv2D", kernel_size=3, strides=strides, padding="same", use_bias=False)
            norm(drawing, 6.0)
            normed(drawing, int(filters * alpha), 1, ceiling=6.0)
    drawing.add("GlobalAveragePooling2D")
    return head(drawing, 0.001 if not small else 0.1)


def _divisible(value: float) -> int:
    rounded = max(8, int(value + 4) // 8 * 8)
    return rounded + 8 if rounded < 0.9 * value else rounded


def mobilenet_v2(alpha: float, small: bool = False) -> Graph:
    """A stem and seventeen blocks that widen, look depthwise and narrow again; what is narrow is added up."""
    drawing = Drawing()
    width = _divisible(32 * alpha)
    with drawing.block("Stem"):
        normed(drawing, width, 3, strides=1 if small else 2, ceiling=6.0)
    number = 0
    stages = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))
    for widening, filters, times, step in stages:
        for place in range(times):
            number += 1
            wanted, strides = _divisible(filters * alpha), step if place == 0 else 1
            with drawing.block(f"Block {number}") as entry:
                if widening > 1:
                    normed(drawing, width * widening, 1, ceiling=6.0)
                drawing.add("DepthwiseConv2D", kernel_size=3, strides=strides, padding="same", use_bias=False)
                norm(drawing, 6.0)
                way = normed(drawing, wanted, 1, active=False)
                if strides == 1 and width == wanted:
                    drawing.add("Add", entry, way)
            width = wanted
    with drawing.block("Top"):
        normed(drawing, 1280, 1, ceiling=6.0)
        drawing.add("GlobalAveragePooling2D")
    return head(drawing, 0.2)


def dense_layer(drawing: Drawing, growth: int, narrow: bool, dropout: float) -> None:
    """Look at everything so far, and add a few maps to it."""
    entry = drawing.last
    norm(drawing)
    if narrow:
        drawing.add("Conv2D", filters=4 * growth, kernel_size=1, use_bias=False)
        norm(drawing)
    way = drawing.add("Conv2D", filters=growth, kernel_size=3, padding="same", use_bias=False)
    if dropout:
        way = drawing.add("Dropout", rate=dropout)
    drawing.add("Concatenate", entry, way)


def densenet(blocks: tuple[int, ...], growth: int, stem: int, narrow: bool, small: bool = False) -> Graph:
    """Dense blocks, each layer fed by all before it; between them the size is halved."""
    drawing = Drawing()
    with drawing.block("Stem"):
        if small:
            drawing.add("Conv2D", filters=stem, kernel_size=3, padding="same", use_bias=False)
        else:
            normed(drawing, stem, 7, strides=2)
            drawing.add("MaxPooling2D", pool_size=3, strides=2, padding="same")
    width = stem
    for number, times in enumerate(blocks, 1):
        with drawing.block(f"Dense block {number}"):
            for _ in range(times):
                dense_layer(drawing, growth, narrow, 0.2 if small else 0.0)
        width += times * growth
        if number < len(blocks):
            width = width // 2 if narrow else width
            with drawing.block(f"Transition {number}"):
                norm(drawing)
                drawing.add("Conv2D", filters=width, kernel_size=1, use_bias=False)
                drawing.add("AveragePooling2D", pool_size=2)
    with drawing.block("Top"):
        norm(drawing)
        drawing.add("GlobalAveragePooling2D")
    return head(drawing)


_RESNET = {
    "authors": "He, Zhang, Ren, Sun",
    "year": 2015,
    "title": "Deep residual learning for image recognition",
    "arxiv": "1512.03385",
}
_MOBILENET = {
    "authors": "Howard et al.",
    "year": 2017,
    "title": "MobileNets: Efficient convolutional neural networks for mobile vision applications",
    "arxiv": "1704.04861",
}
_MOBILENET_V2 = {
    "authors": "Sandler, Howard, Zhu, Zhmoginov, Chen",
    "year": 2018,
    "title": "MobileNetV2: Inverted residuals and linear bottlenecks",
    "arxiv": "1801.04381",
}
_DENSENET = {
    "authors": "Huang, Liu, van der Maaten, Weinberger",
    "year": 2016,
    "title": "Densely connected convolutional networks",
    "arxiv": "1608.06993",
}


def _recipe(name: str, title: str, words: str, least: int, graph: Graph, plan: dict[str, Any], **more: Any) -> Recipe:
    best = more.pop("best", None)
    return Recipe(name, title, words, pictures(least, **({"best": best} if best else {})), graph, plan, more)


DEEP = (
    _recipe(
        "resnet18",
        "ResNet-18",
        "Eight residual blocks: each learns what to add to what it is given.",
        32,
        resnet((2, 2, 2, 2), 64, wide=False),
        DEEP_PLAN,
        order=100,
        paper=_RESNET,
        published_parameters=11_689_512,
        **IMAGENET,
    ),
    _recipe(
        "resnet50",
        "ResNet-50",
        "Sixteen residual blocks that narrow, look and widen: for years what others were measured by.",
        32,
        resnet((3, 4, 6, 3), 64, wide=True),
        DEEP_PLAN,
        order=100,
        paper=_RESNET,
        published_parameters=25_557_032,
        **IMAGENET,
    ),
    _recipe(
        "resnet20",
        "ResNet-20",
        "Nine residual blocks for small pictures, as in the paper's second part.",
        16,
        resnet((3, 3, 3), 16, wide=False, small=True),
        LIGHT,
        best=[16, 100000],
        order=3,
        paper=_RESNET,
        published_parameters=270_000,
        note="Where a stage begins, what is skipped is projected by a convolution of size 1, not padded with zeros: "
        "2,752 parameters more than in the paper's 0.27 M.",
        **SMALL_COLOUR,
    ),
    _recipe(
        "mobilenet",
        "MobileNet",
        "Convolutions parted into depthwise and pointwise ones: small and quick enough for a telephone.",
        32,
        mobilenet(1.0),
        DEEP_PLAN,
        order=100,
        paper=_MOBILENET,
        published_parameters=4_200_000,
        **IMAGENET,
    ),
    _recipe(
        "mobilenet-small",
        "Small MobileNet",
        "MobileNet at a quarter of its width, its first layer at full size, for small pictures.",
        16,
        mobilenet(0.25, small=True),
        LIGHT,
        order=14,
        paper=_MOBILENET,
        published_parameters=470_072,
        note="The paper rounds to 0.5 M; 470,072 is what its authors released. Only the first layer's stride differs.",
        reference_input=[32, 32, 3],
        reference_classes=1000,
    ),
    _recipe(
        "mobilenet-v2",
        "MobileNet V2",
        "Blocks that widen, look depthwise and narrow again, with skips between what is narrow.",
        32,
        mobilenet_v2(1.0),
        DEEP_PLAN,
        order=100,
        paper=_MOBILENET_V2,
        published_parameters=3_504_872,
        note="The paper's table says 3.4 M; what its authors released has 3,504,872 that learn, and so has this.",
        **IMAGENET,
    ),
    _recipe(
        "mobilenet-v2-small",
        "Small MobileNet V2",
        "MobileNet V2 at a third of its width, its first layer at full size, for small pictures.",
        16,
        mobilenet_v2(0.35, small=True),
        LIGHT,
        best=[48, 100000],
        order=4,
        paper=_MOBILENET_V2,
        published_parameters=1_660_000,
        note="The authors list 1.66 M for this width, rounded; only the first layer's stride differs here.",
        reference_input=[32, 32, 3],
        reference_classes=1000,
    ),
    _recipe(
        "densenet121",
        "DenseNet-121",
        "Four dense blocks; each layer sees all that came before it in its block.",
        32,
        densenet((6, 12, 24, 16), 32, 64, narrow=True),
        DEEP_PLAN,
        order=100,
        paper=_DENSENET,
        published_parameters=7_978_856,
        **IMAGENET,
    ),
    _recipe(
        "densenet40",
        "DenseNet-40",
        "Three dense blocks of twelve layers, each adding twelve maps, for small pictures.",
        16,
        densenet((12, 12, 12), 12, 16, narrow=False, small=True),
        LIGHT,
        order=15,
        paper=_DENSENET,
        published_parameters=1_000_000,
        note="The paper rounds to 1.0 M.",
        **SMALL_COLOUR,
    ),
)
