"""The formats that a trained network can be exported to, in words; imports neither Keras nor TensorFlow."""

from __future__ import annotations

import dataclasses
from typing import Literal

Format = Literal["saved_model", "keras"]


@dataclasses.dataclass(frozen=True, slots=True)
class FormatSpec:
    """One export format.

    Args:
        name: What the command line and the manifest call it.
        title: What the window calls it.
        doc: What it is and when to take it.
        limits: What it does not hold.
        suffix: The file ending; empty for a folder.
    """

    name: Format
    title: str
    doc: str
    limits: str
    suffix: str = ""

    @property
    def is_folder(self) -> bool:
        """Whether the export is a folder, not one file."""
        return not self.suffix


FORMATS: tuple[FormatSpec, ...] = (
    FormatSpec(
        name="saved_model",
        title="TensorFlow SavedModel",
        doc=(
            "A folder that TensorFlow and TensorFlow Serving load as it is, without Keras or this program. Decoding, "
            "resizing, scaling and the class names are inside: raw file bytes, rows or arrays in, named answers out."
        ),
        limits="Needs TensorFlow where it is used. The network itself can no longer be edited.",
    ),
    FormatSpec(
        name="keras",
        title="Keras file",
        doc=(
            "A .keras file that Keras opens with its safe mode on and no code of ours. Resizing, scaling and encoding "
            "are inside: raw picture arrays, columns or arrays in, probabilities or the value out. Can be trained on."
        ),
        limits="Pictures come in decoded, as RGB arrays. The class names stand in the manifest beside the file.",
        suffix=".keras",
    ),
)


def format_spec(name: str) -> FormatSpec | None:
    """The format of that name, or None for one we do not know."""
    return next((spec for spec in FORMATS if spec.name == name), None)
