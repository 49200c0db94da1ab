"""Networks for pictures that came before very deep ones: AlexNet, VGG, Inception, U-Net, and the small kin of each."""

from __future__ import annotations

from typing import Any

from preset_drawing import Drawing, Recipe, patient

from workbench.graph.model import Graph

# Networks of tens of millions of weights, begun from nothing, want small steps.
HEAVY = patient(60, 10, batch_size=32, learning_rate=0.0001)
LIGHT = patient(40, 8, batch_size=64)
IMAGENET = {"reference_input": [224, 224, 3], "reference_classes": 1000}
SMALL_COLOUR = {"reference_input": [32, 32, 3], "reference_classes": 10}


def pictures(least: int, **more: Any) -> dict[str, Any]:
    """Suits pictures of at least this height and width."""
    return {"kinds": ["image"], "min_size": least, **more}


def head(drawing: Drawing, rate: float = 0.0) -> Graph:
    """Dropout and the answer."""
    if rate:
        drawing.add("Dropout", rate=rate)
    drawing.add("Dense", units=10, activation="softmax")
    return drawing.end()


def conv(drawing: Drawing, filters: int, kernel: int, *sources: str, strides: int = 1, padding: str = "same") -> str:
    """A convolution with its bias, and ReLU."""
    params: dict[str, Any] = {"filters": filters, "kernel_size": kernel}
    if strides != 1:
        params["strides"] = strides
    if padding != "valid":
        params["padding"] = padding
    return drawing.add("Conv2D", *sources, **params, activation="relu")


def alexnet(filters: tuple[int, ...], units: int, stem: int, strides: int, pool: int) -> Graph:
    """Five convolutions, three of them pooled, and three dense layers."""
    drawing = Drawing()
    with drawing.block("Features"):
        conv(drawing, filters[0], stem, strides=strides)
        drawing.add("MaxPooling2D", pool_size=pool, strides=2)
        conv(drawing, filters[1], 5)
        drawing.add("MaxPooling2D", pool_size=pool, strides=2)
        for count in filters[2:]:
            conv(drawing, count, 3)
        drawing.add("MaxPooling2D", pool_size=pool, strides=2)
    with drawing.block("Classifier"):
        drawing.add("Flatten")
        for _ in range(2):
            drawing.add("Dropout", rate=0.5)
            drawing.add("Dense", units=units, activation="relu")
    return head(drawing)


def vgg16() -> Graph:
    """Five blocks of 3x3 convolutions and three dense layers."""
    drawing = Drawing()
    for number, (filters, times) in enumerate(((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)), 1):
        with drawing.block(f"Block {number}"):
            for _ in range(times):
                conv(drawing, filters, 3)
            drawing.add("MaxPooling2D", pool_size=2)
    with drawing.block("Classifier"):
        drawing.add("Flatten")
        for _ in range(2):
            drawing.add("Dense", units=4096, activation="relu")
            drawing.add("Dropout", rate=0.5)
    return head(drawing)


def inception(drawing: Drawing, name: str, sizes: tuple[int, int, int, int, int, int]) -> None:
    """Four ways side by side: 1x1, 3x3 and 5x5 behind a narrow 1x1, and pooling."""
    one, before_three, three, before_five, five, pooled = sizes
    with drawing.block(f"Inception {name}") as entry:
        narrow = conv(drawing, one, 1, entry)
        middle = conv(drawing, three, 3, conv(drawing, before_three, 1, entry))
        wide = conv(drawing, five, 5, conv(drawing, before_five, 1, entry))
        pool = drawing.add("MaxPooling2D", entry, pool_size=3, strides=1, padding="same")
        last = conv(drawing, pooled, 1, pool)
        drawing.add("Concatenate", narrow, middle, wide, last)


def googlenet() -> Graph:
    """A stem and nine Inception modules."""
    drawing = Drawing()
    with drawing.block("Stem"):
        conv(drawing, 64, 7, strides=2)
        drawing.add("MaxPooling2D", pool_size=3, strides=2, padding="same")
        conv(drawing, 64, 1)
        conv(drawing, 192, 3)
        drawing.add("MaxPooling2D", pool_size=3, strides=2, padding="same")
    inception(drawing, "3a", (64, 96, 128, 16, 32, 32))
    inception(drawing, "3b", (128, 128, 192, 32, 96, 64))
    drawing.add("MaxPooling2D", pool_size=3, strides=2, padding="same")
    inception(drawing, "4a", (192, 96, 208, 16, 48, 64))
    inception(drawing, "4b", (160, 112, 224, 24, 64, 64))
    inception(drawing, "4c", (128, 128, 256, 24, 64, 64))
    inception(drawing, "4d", (112, 144, 288, 32, 64, 64))
    inception(drawing, "4e", (256, 160, 320, 32, 128, 128))
    drawing.add("MaxPooling2D", pool_size=3, strides=2, padding="same")
    inception(drawing, "5a", (256, 160, 320, 32, 128, 128))
    inception(drawing, "5b", (384, 192, 384, 48, 128, 128))
    drawing.add("GlobalAveragePooling2D")
    return head(drawing, 0.4)


def small_inception() -> Graph:
    """A stem and four narrow Inception modules."""
    drawing = Drawing()
    with drawing.block("Stem"):
        conv(drawing, 32, 3)
        drawing.add("BatchNormalization", momentum=0.9)
    inception(drawing, "1", (16, 16, 24, 4, 8, 8))
    inception(drawing, "2", (24, 24, 32, 6, 12, 12))
    drawing.add("MaxPooling2D", pool_size=2)
    drawing.add("BatchNormalization", momentum=0.9)
    inception(drawing, "3", (32, 32, 48, 8, 16, 16))
    inception(drawing, "4", (48, 48, 64, 12, 24, 24))
    drawing.add("GlobalAveragePooling2D")
    return head(drawing, 0.2)


def unet(filters: tuple[int, ...]) -> Graph:
    """Down and up again, each step up joined with its fellow on the way down; then one answer for the picture."""
    drawing = Drawing()
    skips = []
    for level, count in enumerate(filters[:-1], 1):
        with drawing.block(f"Down {level}"):
            conv(drawing, count, 3)
            skips.append(conv(drawing, count, 3))
            drawing.add("MaxPooling2D", pool_size=2)
    with drawing.block("Bottom"):
        conv(drawing, filters[-1], 3)
        conv(drawing, filters[-1], 3)
    for level, count in reversed(list(enumerate(filters[:-1], 1))):
        with drawing.block(f"Up {level}"):
            up = drawing.add("Conv2DTranspose", filters=count, kernel_size=2, strides=2)
            drawing.add("Concatenate", skips[level - 1], up)
            conv(drawing, count, 3)
            conv(drawing, count, 3)
    drawing.add("GlobalAveragePooling2D")
    return head(drawing)


_ALEXNET = {
    "authors": "Krizhevsky, Sutskever, Hinton",
    "year": 2012,
    "title": "ImageNet classification with deep convolutional neural networks",
}
_VGG = {
    "authors": "Simonyan, Zisserman",
    "year": 2014,
    "title": "Very deep convolutional networks for large-scale image recognition",
    "arxiv": "1409.1556",
}
_GOOGLENET = {
    "authors": "Szegedy et al.",
    "year": 2014,
    "title": "Going deeper with convolutions",
    "arxiv": "1409.4842",
}
_UNET = {
    "authors": "Ronneberger, Fischer, Brox",
    "year": 2015,
    "title": "U-Net: Convolutional networks for biomedical image segmentation",
    "arxiv": "1505.04597",
}
_POOLED = "Its map of the picture is averaged into one answer for the whole picture: take the last two layers away and "
_POOLED += "a convolution of size 1 gives an answer for each pixel."

PICTURES = (
    Recipe(
        "alexnet",
        "AlexNet",
        "Five convolutions and three wide dense layers: the network that began the age of deep learning.",
        pictures(63),
        alexnet((64, 192, 384, 256, 256), 4096, 11, 4, 3),
        HEAVY,
        {
            "order": 100,
            "paper": _ALEXNET,
            "published_parameters": 60_965_224,
            "note": "The layers stand in one column with the widths of Krizhevsky's later paper (arXiv 1404.5997), not "
            "in two parted over two graphics cards, and without the normalization across channels, which Keras has "
            "not: 61,100,840 parameters in place of 60,965,224.",
            **IMAGENET,
        },
    ),
    Recipe(
        "alexnet-small",
        "Small AlexNet",
        "AlexNet with small kernels and a quarter of its filters, for pictures of 16 pixels and more.",
        pictures(16),
        alexnet((32, 64, 96, 64, 64), 256, 5, 1, 2),
        patient(40, 8, batch_size=64, learning_rate=0.0005),
        {"order": 13, "paper": _ALEXNET, **SMALL_COLOUR},
    ),
    Recipe(
        "vgg16",
        "VGG-16",
        "Thirteen 3×3 convolutions and three dense layers, nothing else: plain, deep and very large.",
        pictures(32),
        vgg16(),
        HEAVY,
        {"order": 100, "paper": _VGG, "published_parameters": 138_357_544, **IMAGENET},
    ),
    Recipe(
        "googlenet",
        "GoogLeNet (Inception)",
        "Nine Inception modules, each looking with kernels of several sizes at once.",
        pictures(32),
        googlenet(),
        patient(60, 10, batch_size=32, learning_rate=0.0003),
        {
            "order": 100,
            "paper": _GOOGLENET,
            "published_parameters": 6_797_700,
            "note": "The paper's own table adds up to 6.80 M, counting its first layers as smaller than they are drawn "
            "there; what its authors released has 6,998,552 without the two helpers that were for training only, and "
            "so has this. The normalization across channels is left out: Keras has none.",
            **IMAGENET,
        },
    ),
    Recipe(
        "inception-small",
        "Small Inception",
        "Four narrow Inception modules for small pictures.",
        pictures(8),
        small_inception(),
        LIGHT,
        {"order": 12, "paper": _GOOGLENET, **SMALL_COLOUR},
    ),
    Recipe(
        "unet",
        "U-Net",
        "Four steps down, four up, joined at each height. It sees both the whole and the detail.",
        pictures(32, multiple=16),
        unet((64, 128, 256, 512, 1024)),
        HEAVY,
        {
            "order": 100,
            "paper": _UNET,
            "published_parameters": 31_030_593,
            "note": f"{_POOLED} The borders are padded, so that the two sides of a join are of one size. The paper "
            "gives no count; 31,030,593 is that of its layers with one channel in and one out.",
            "reference_input": [512, 512, 1],
            "reference_classes": 2,
        },
    ),
    Recipe(
        "unet-small",
        "Small U-Net",
        "A U-Net of two steps and few filters, for small pictures.",
        pictures(8, multiple=4),
        unet((16, 32, 64)),
        LIGHT,
        {"order": 16, "paper": _UNET, "note": _POOLED, **SMALL_COLOUR},
    ),
)
