"""The published sizes of the presets, added up again from the layers that the papers tell of."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from workbench.project.presets import preset


def conv(kernel: int, inputs: int, outputs: int, *, bias: bool = True) -> int:
    """The weights of a convolution; of a dense layer where the kernel is 1."""
    return kernel * kernel * inputs * outputs + outputs * bias


def norm(channels: int) -> int:
    return 2 * channels


def lenet() -> int:
    # LeCun et al. (1998), section II.B: C1, S2, C3, S4, C5, F6; the last layer compares with fixed pictures.
    return 156 + 12 + 1_516 + 32 + 48_120 + 10_164


def alexnet() -> int:
    # Two halves on two graphics cards: the second, fourth and fifth convolution see one half each.
    features = conv(11, 3, 96) + conv(5, 48, 256) + conv(3, 256, 384) + conv(3, 192, 384) + conv(3, 192, 256)
    return features + conv(1, 6 * 6 * 256, 4096) + conv(1, 4096, 4096) + conv(1, 4096, 1000)


def vgg16() -> int:
    widths = (3, 64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512)
    features = sum(conv(3, first, second) for first, second in itertools.pairwise(widths))
    return features + conv(1, 7 * 7 * 512, 4096) + conv(1, 4096, 4096) + conv(1, 4096, 1000)


def googlenet() -> int:
    # The column "params" of table 1, in thousands.
    return round(1000 * sum((2.7, 112, 159, 380, 364, 437, 463, 580, 840, 1072, 1388, 1000)))


def residual(blocks: tuple[int, ...], *, wide: bool) -> int:
    total, before = conv(7, 3, 64, bias=False) + norm(64), 64
    for stage, times in enumerate(blocks):
        width = 64 * 2**stage
        after = 4 * width if wide else width
        for _ in range(times):
            ways = [(1, before, width), (3, width, width), (1, width, after)]
            if not wide:
                ways = [(3, before, width), (3, width, width)]
            if before != after:
                ways.append((1, before, after))
            total += sum(conv(*way, bias=False) + norm(way[2]) for way in ways)
            before = after
    return total + conv(1, before, 1000)


def densenet121() -> int:
    total, channels = conv(7, 3, 64, bias=False) + norm(64), 64
    for block, times in enumerate((6, 12, 24, 16)):
        for _ in range(times):
            total += norm(channels) + conv(1, channels, 128, bias=False) + norm(128) + conv(3, 128, 32, bias=False)
            channels += 32
        if block < 3:
            total += norm(channels) + conv(1, channels, channels // 2, bias=False)
            channels //= 2
    return total + norm(channels) + conv(1, channels, 1000)


def unet() -> int:
    widths = (64, 128, 256, 512, 1024)
    down = sum(conv(3, *pair) for pair in zip((1, *widths[:-1]), widths, strict=True))
    up = sum(conv(2, 2 * width, width) + conv(3, 2 * width, width) for width in widths[:-1])
    return down + up + sum(conv(3, width, width) for width in (*widths, *widths[:-1])) + conv(1, 64, 1)


def block(width: int, inner: int) -> int:
    """One block of a Transformer: four projections, two layers, two normalizations."""
    return 4 * conv(1, width, width) + conv(1, width, inner) + conv(1, inner, width) + 2 * norm(width)


def bert_base() -> int:
    words = 30_522 * 768 + 512 * 768 + 2 * 768 + norm(768)
    return words + 12 * block(768, 3072) + conv(1, 768, 768)


def gpt2() -> int:
    return 50_257 * 768 + 1024 * 768 + 12 * block(768, 3072) + norm(768)


def t5_small() -> int:
    # No biases, normalization without a shift, one table of relative positions a side.
    layer = 4 * 512 * 512 + 2 * 512 * 2048 + 2 * 512
    across = 4 * 512 * 512 + 512
    return 32_128 * 512 + 6 * layer + 6 * (layer + across) + 2 * 512 + 2 * 32 * 8


def vit_b16() -> int:
    words = conv(16, 3, 768) + 768 + 197 * 768
    return words + 12 * block(768, 3072) + norm(768) + conv(1, 768, 1000)


def mixer_s16() -> int:
    mixing = conv(1, 196, 256) + conv(1, 256, 196) + conv(1, 512, 2048) + conv(1, 2048, 512) + 2 * norm(512)
    return conv(16, 3, 512) + 8 * mixing + norm(512) + conv(1, 512, 1000)


SIZES: dict[str, Callable[[], int]] = {
    "lenet5": lenet,
    "alexnet": alexnet,
    "vgg16": vgg16,
    "googlenet": googlenet,
    "resnet18": lambda: residual((2, 2, 2, 2), wide=False),
    "resnet50": lambda: residual((3, 4, 6, 3), wide=True),
    "densenet121": densenet121,
    "unet": unet,
    "bert-base": bert_base,
    "gpt2": gpt2,
    "t5-small": t5_small,
    "vit-b16": vit_b16,
    "mixer-s16": mixer_s16,
}


@pytest.mark.parametrize("name", SIZES)
def test_that_the_published_size_is_what_the_papers_layers_add_up_to(name: str) -> None:
    assert preset(name).published_parameters == SIZES[name]()
