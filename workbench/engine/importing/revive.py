"""From a description that was looked at to a Keras model or layer; safe mode stays on throughout."""

from __future__ import annotations

from typing import Any

from keras.saving import deserialize_keras_object


def revived(layer: dict[str, Any]) -> Any:
    """The layer, model or operation that a description is of.

    Args:
        layer: The description, of Keras 3 or older. It must have been looked at by `workbench.importing.allowed`.
    """
    body = {key: value for key, value in layer.items() if key != "compile_config"}
    body.setdefault("module", "keras.src.models.functional" if body["class_name"] in ("Functional", "Model") else None)
    if body["module"] is None:
        body["module"] = "keras" if body["class_name"] == "Sequential" else "keras.layers"
    if body["module"].startswith("keras.src.engine"):
        body["module"] = "keras"
    if body["class_name"] == "Model":
        body |= {"class_name": "Functional", "module": "keras.src.models.functional"}
    body.setdefault("registered_name", None)
    return deserialize_keras_object(body, safe_mode=True)
