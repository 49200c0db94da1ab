"""What may exist: layers, optimizers, losses and metrics, as data generated from Keras itself; imports no Keras."""

from workbench.catalog.layers import CATEGORIES, LayerSpec, every_layer, find_layers, layer_spec, layers

__all__ = ["CATEGORIES", "LayerSpec", "every_layer", "find_layers", "layer_spec", "layers"]
