"""The settings of the models of keras.applications, in the words of this program."""

from __future__ import annotations

from typing import Any

# Settings of the models of keras.applications, in the form's order; further ones of a model's own come last.
MODEL_PARAMS: tuple[dict[str, Any], ...] = (
    {
        "name": "weights",
        "kind": "choice",
        "default": "none",
        "choices": ("none", "imagenet", "file"),
        "doc": "What it begins with: random numbers, the weights trained on ImageNet (Keras downloads them once, when "
        "the training starts), or those of a file.",
    },
    {
        "name": "weights_file",
        "kind": "text",
        "nullable": True,
        "doc": "With weights from a file: its path; it ends in .weights.h5.",
    },
    {
        "name": "include_top",
        "kind": "boolean",
        "default": False,
        "doc": "Whether it ends in its own classifier; if not, it puts out features for the layers that follow.",
    },
    {
        "name": "pooling",
        "kind": "choice",
        "default": "avg",
        "choices": ("avg", "max"),
        "nullable": True,
        "doc": "Without its top: how the features of all places become one list of numbers; not set, they stay a map.",
    },
    {
        "name": "classes",
        "kind": "integer",
        "default": 1000,
        "minimum": 1,
        "doc": "With its top: how many classes there are; 1000 with the weights trained on ImageNet.",
    },
    {
        "name": "prepare",
        "kind": "boolean",
        "default": True,
        "doc": "Whether colour pictures from 0 to 1 are first brought to the scale that the published weights expect.",
    },
    {
        "name": "freeze_until",
        "kind": "text",
        "nullable": True,
        "doc": "The name of a layer inside: that one and all before it do not learn.",
    },
)
MODEL_WORDS = ("pretrained", "imagenet", "application", "backbone", "transfer", "picture", "image")
MODEL_OWN: dict[str, dict[str, Any]] = {
    "alpha": {
        "kind": "number",
        "minimum": 0,
        "exclusive": True,
        "doc": "How wide it is: below 1, every layer has fewer filters; above 1, more.",
    },
    "depth_multiplier": {"kind": "integer", "minimum": 1},
    "dropout": {"kind": "number", "minimum": 0, "maximum": 1},
    "dropout_rate": {"kind": "number", "minimum": 0, "maximum": 1},
    "minimalistic": {"kind": "boolean"},
}
