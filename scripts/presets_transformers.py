"""Networks made of attention, and the mixer that does without it: for words and for pictures.

Positions are learned. Keras has no layer for them, but a PReLU has a slope for each place and channel, however long the
data are; what it makes of -1 is those slopes, so that its weights are the table of positions.
"""

from __future__ import annotations

from typing import Any

from preset_drawing import Drawing, Recipe, patient
from presets_pictures import IMAGENET, SMALL_COLOUR, head, pictures
from presets_sequences import A_TEXT, WORDS

from workbench.graph.model import Graph

SMALL_NORMAL = {"class_name": "RandomNormal", "config": {"stddev": 0.02}}
PLAN = patient(40, 8, optimizer="adamw", learning_rate=0.0005)
HEAVY = patient(30, 8, batch_size=16, optimizer="adamw", learning_rate=0.0001)


def positions(drawing: Drawing) -> str:
    """Add to each step what is learned for its place."""
    entry = drawing.last
    drawing.add("Rescaling", name="minus_one", scale=0.0, offset=-1.0)
    table = drawing.add("PReLU", name="positions", alpha_initializer=SMALL_NORMAL)
    return drawing.add("Add", entry, table, name="add_positions")


def layer_norm(drawing: Drawing) -> str:
    return drawing.add("LayerNormalization", epsilon=1e-06)


def attention(drawing: Drawing, heads: int, width: int, *sources: str, **params: Any) -> str:
    params = {"num_heads": heads, "key_dim": width // heads, **params}
    return drawing.add("MultiHeadAttention", *sources, **params)


def feed_forward(drawing: Drawing, inner: int, width: int, activation: str = "gelu", **params: Any) -> str:
    drawing.add("Dense", units=inner, activation=activation, **params)
    return drawing.add("Dense", units=width, **params)


def dropped(drawing: Drawing, rate: float) -> str:
    return drawing.add("Dropout", rate=rate) if rate else drawing.last


def encoder_block(drawing: Drawing, number: int, heads: int, width: int, inner: int, rate: float) -> None:
    """Attention and two dense layers, each added to its input and then normalised: the first Transformer's way."""
    with drawing.block(f"Block {number}") as entry:
        attention(drawing, heads, width)
        drawing.add("Add", entry, dropped(drawing, rate))
        middle = layer_norm(drawing)
        feed_forward(drawing, inner, width)
        drawing.add("Add", middle, dropped(drawing, rate))
        layer_norm(drawing)


def pre_norm_block(
    drawing: Drawing, number: int, heads: int, width: int, inner: int, rate: float, causal: bool = False
) -> None:
    """The same with the normalisation first."""
    with drawing.block(f"Block {number}") as entry:
        layer_norm(drawing)
        attention(drawing, heads, width, **({"use_causal_mask": True} if causal else {}))
        middle = drawing.add("Add", entry, dropped(drawing, rate))
        layer_norm(drawing)
        feed_forward(drawing, inner, width)
        drawing.add("Add", middle, dropped(drawing, rate))


def encoder(words: int, width: int, heads: int, blocks: int, inner: int, rate: float, pooler: bool) -> Graph:
    """BERT's way: every word sees every other."""
    drawing = Drawing()
    with drawing.block("Words"):
        drawing.add("Embedding", input_dim=words, output_dim=width, embeddings_initializer=SMALL_NORMAL)
        positions(drawing)
        layer_norm(drawing)
        dropped(drawing, rate)
    for number in range(1, blocks + 1):
        encoder_block(drawing, number, heads, width, inner, rate)
    drawing.add("GlobalAveragePooling1D")
    if pooler:
        drawing.add("Dense", name="pooler", units=width, activation="tanh")
    return head(drawing, rate)


def decoder(words: int, width: int, heads: int, blocks: int, rate: float) -> Graph:
    """GPT's way: every word sees those before it."""
    drawing = Drawing()
    with drawing.block("Words"):
        drawing.add("Embedding", input_dim=words, output_dim=width, embeddings_initializer=SMALL_NORMAL)
        positions(drawing)
        dropped(drawing, rate)
    for number in range(1, blocks + 1):
        pre_norm_block(drawing, number, heads, width, 4 * width, rate, causal=True)
    layer_norm(drawing)
    drawing.add("GlobalAveragePooling1D")
    return head(drawing, rate)


def encoder_decoder(words: int, width: int, heads: int, blocks: int, inner: int, rate: float) -> Graph:
    """T5's way: an encoder, and a decoder that looks back at what it has and across at the encoder."""
    drawing = Drawing()
    plain = {"use_bias": False}
    with drawing.block("Words"):
        drawing.add("Embedding", input_dim=words, output_dim=width, embeddings_initializer=SMALL_NORMAL)
        positions(drawing)
        start = dropped(drawing, rate)

    def added(before: str) -> str:
        return drawing.add("Add", before, dropped(drawing, rate))

    for number in range(1, blocks + 1):
        with drawing.block(f"Encoder {number}") as entry:
            drawing.add("RMSNormalization")
            attention(drawing, heads, width, **plain)
            added(entry)
            entry = drawing.last
            drawing.add("RMSNormalization")
            feed_forward(drawing, inner, width, "relu", **plain)
            added(entry)
    memory = drawing.add("RMSNormalization", name="encoded")
    drawing.last = start
    for number in range(1, blocks + 1):
        with drawing.block(f"Decoder {number}") as entry:
            drawing.add("RMSNormalization")
            attention(drawing, heads, width, use_causal_mask=True, **plain)
            entry = added(entry)
            query = drawing.add("RMSNormalization")
            attention(drawing, heads, width, f"{query}:query", f"{memory}:value", **plain)
            entry = added(entry)
            drawing.add("RMSNormalization")
            feed_forward(drawing, inner, width, "relu", **plain)
            added(entry)
    drawing.add("RMSNormalization", name="decoded")
    drawing.add("GlobalAveragePooling1D")
    return head(drawing, rate)


def patches(drawing: Drawing, size: int, width: int) -> None:
    """The picture cut into squares, each become a vector."""
    drawing.add("Conv2D", filters=width, kernel_size=size, strides=size)
    drawing.add("Reshape", target_shape=[-1, width])


def vit(patch: int, width: int, heads: int, blocks: int, inner: int, rate: float) -> Graph:
    """The patches of a picture read as words."""
    drawing = Drawing()
    with drawing.block("Patches"):
        patches(drawing, patch, width)
        positions(drawing)
        dropped(drawing, rate)
    for number in range(1, blocks + 1):
        pre_norm_block(drawing, number, heads, width, inner, rate)
    layer_norm(drawing)
    drawing.add("GlobalAveragePooling1D")
    return head(drawing)


def mixer(side: int, patch: int, width: int, blocks: int, inner: int, tokens: int) -> Graph:
    """Dense layers across the places, then across the channels, in turn."""
    drawing = Drawing()
    places = (side // patch) ** 2
    with drawing.block("Patches"):
        drawing.add("Resizing", height=side, width=side)
        patches(drawing, patch, width)
    for number in range(1, blocks + 1):
        with drawing.block(f"Mixer {number}") as entry:
            layer_norm(drawing)
            drawing.add("Permute", dims=[2, 1])
            feed_forward(drawing, tokens, places)
            across = drawing.add("Permute", dims=[2, 1])
            middle = drawing.add("Add", entry, across)
            layer_norm(drawing)
            drawing.add("Add", middle, feed_forward(drawing, inner, width))
    layer_norm(drawing)
    drawing.add("GlobalAveragePooling1D")
    return head(drawing)


def _paper(authors: str, year: int, title: str, arxiv: str = "") -> dict[str, Any]:
    return {"authors": authors, "year": year, "title": title} | ({"arxiv": arxiv} if arxiv else {})


_BERT = _paper(
    "Devlin, Chang, Lee, Toutanova",
    2018,
    "BERT: Pre-training of deep bidirectional Transformers for language understanding",
    "1810.04805",
)
_GPT = _paper(
    "Radford, Wu, Child, Luan, Amodei, Sutskever", 2019, "Language models are unsupervised multitask learners"
)
_T5 = _paper(
    "Raffel et al.",
    2019,
    "Exploring the limits of transfer learning with a unified text-to-text Transformer",
    "1910.10683",
)
_TRANSFORMER = _paper("Vaswani et al.", 2017, "Attention is all you need", "1706.03762")
_VIT = _paper(
    "Dosovitskiy et al.",
    2020,
    "An image is worth 16x16 words: Transformers for image recognition at scale",
    "2010.11929",
)
_MIXER = _paper("Tolstikhin et al.", 2021, "MLP-Mixer: An all-MLP architecture for vision", "2105.01601")

_AVERAGED = (
    "The answer comes from the average of all places, not from a special one. What is learned of each place are "
)
_AVERAGED += "the slopes of a PReLU that is fed -1: so it follows the length of the data."
_BOTH = (
    "Encoder and decoder read the same words, as BART does to classify; the paper's relative positions, which Keras "
)
_BOTH += "has not, are learned absolute ones."
_RESIZED = "Pictures are resized first, since its dense layers need a fixed number of places."

TRANSFORMERS = (
    Recipe(
        "transformer-encoder",
        "Transformer encoder",
        "Two blocks of attention in which every word sees every other: BERT, made small.",
        WORDS,
        encoder(1000, 64, 4, 2, 128, 0.1, pooler=False),
        PLAN,
        {"order": 2, "paper": _TRANSFORMER, "note": _AVERAGED, **A_TEXT},
    ),
    Recipe(
        "gpt-small",
        "Small GPT",
        "Two blocks of attention in which every word sees only those before it: GPT, made small.",
        WORDS,
        decoder(1000, 64, 4, 2, 0.1),
        PLAN,
        {"order": 4, "paper": _GPT, "note": _AVERAGED, **A_TEXT},
    ),
    Recipe(
        "encoder-decoder",
        "Transformer encoder and decoder",
        "An encoder, and a decoder that looks back at itself and across at the encoder: T5, made small.",
        WORDS,
        encoder_decoder(1000, 64, 4, 2, 128, 0.1),
        PLAN,
        {"order": 5, "paper": _T5, "note": _BOTH, **A_TEXT},
    ),
    Recipe(
        "bert-base",
        "BERT base",
        "Twelve blocks of attention in which every word sees every other.",
        WORDS,
        encoder(30522, 768, 12, 12, 3072, 0.1, pooler=True),
        HEAVY,
        {
            "order": 100,
            "paper": _BERT,
            "published_parameters": 109_482_240,
            "note": f"{_AVERAGED} What tells a first sentence from a second is left out: the data are one text.",
            "reference_input": [512],
            "reference_classes": 2,
            "reference_vocabulary": 30522,
        },
    ),
    Recipe(
        "gpt2",
        "GPT-2",
        "Twelve blocks of attention in which every word sees only those before it.",
        WORDS,
        decoder(50257, 768, 12, 12, 0.1),
        HEAVY,
        {
            "order": 100,
            "paper": _GPT,
            "published_parameters": 124_439_808,
            "note": f"{_AVERAGED} The paper says 117 M by mistake; the released model has 124,439,808.",
            "reference_input": [1024],
            "reference_classes": 2,
            "reference_vocabulary": 50257,
        },
    ),
    Recipe(
        "t5-small",
        "T5 small",
        "Six blocks of encoder and six of decoder over the same words.",
        WORDS,
        encoder_decoder(32128, 512, 8, 6, 2048, 0.1),
        HEAVY,
        {
            "order": 100,
            "paper": _T5,
            "published_parameters": 60_506_624,
            "note": _BOTH,
            "reference_input": [512],
            "reference_classes": 2,
            "reference_vocabulary": 32128,
        },
    ),
    Recipe(
        "vit-small",
        "Small Vision Transformer",
        "The picture in patches of 4 pixels, read as words by four blocks of attention.",
        pictures(8),
        vit(4, 64, 4, 4, 128, 0.1),
        PLAN,
        {"order": 17, "paper": _VIT, "note": _AVERAGED, **SMALL_COLOUR},
    ),
    Recipe(
        "vit-b16",
        "Vision Transformer B/16",
        "The picture in patches of 16 pixels, read as words by twelve blocks of attention.",
        pictures(32),
        vit(16, 768, 12, 12, 3072, 0.1),
        HEAVY,
        {
            "order": 100,
            "paper": _VIT,
            "published_parameters": 86_567_656,
            "note": f"{_AVERAGED} The paper's appendix finds both alike.",
            **IMAGENET,
        },
    ),
    Recipe(
        "mixer-small",
        "Small MLP-Mixer",
        "Four blocks of dense layers across places and across channels, in turn: no convolution, no attention.",
        pictures(8),
        mixer(32, 4, 64, 4, 128, 32),
        PLAN,
        {"order": 18, "paper": _MIXER, "note": _RESIZED, **SMALL_COLOUR},
    ),
    Recipe(
        "mixer-s16",
        "MLP-Mixer S/16",
        "Eight blocks of dense layers across places and across channels, in turn: no convolution, no attention.",
        pictures(32),
        mixer(224, 16, 512, 8, 2048, 256),
        HEAVY,
        {
            "order": 100,
            "paper": _MIXER,
            "published_parameters": 18_528_264,
            "note": _RESIZED,
            **IMAGENET,
        },
    ),
)
