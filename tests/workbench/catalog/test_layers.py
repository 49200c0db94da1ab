"""The shipped catalogue against the installed Keras, and how layers are found in it."""

from __future__ import annotations

import importlib.util
import inspect
import json
import sys
from pathlib import Path
from types import ModuleType

import keras
import pytest

from workbench.catalog import CATEGORIES, every_layer, find_layers, layer_spec, layers
from workbench.core.errors import UsageError

SCRIPTS = Path(__file__).parents[3] / "scripts"
OF_THE_FIRST_SLICE = (
    "Input",
    "Dense",
    "Conv1D",
    "Conv2D",
    "Conv3D",
    "DepthwiseConv2D",
    "SeparableConv2D",
    "Conv2DTranspose",
    "MaxPooling1D",
    "MaxPooling2D",
    "AveragePooling1D",
    "AveragePooling2D",
    "GlobalMaxPooling1D",
    "GlobalMaxPooling2D",
    "GlobalAveragePooling1D",
    "GlobalAveragePooling2D",
    "Flatten",
    "Reshape",
    "Dropout",
    "SpatialDropout2D",
    "BatchNormalization",
    "LayerNormalization",
    "Activation",
    "ReLU",
    "LeakyReLU",
    "PReLU",
    "Softmax",
    "Embedding",
    "SimpleRNN",
    "LSTM",
    "GRU",
    "Bidirectional",
    "Rescaling",
    "Normalization",
    "RandomFlip",
    "RandomRotation",
    "RandomZoom",
    "RandomTranslation",
    "RandomContrast",
    "ZeroPadding2D",
    "UpSampling2D",
    "GaussianNoise",
    "Add",
    "Concatenate",
)


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate_catalog", SCRIPTS / "generate_catalog.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    path = list(sys.path)
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path[:] = path
    return module


def test_that_the_shipped_catalogue_is_what_this_keras_says(generator: ModuleType) -> None:
    shipped = json.loads(generator.TARGET.read_text(encoding="utf-8"))
    if shipped["keras"] != keras.__version__:
        pytest.skip(f"the catalogue was made from Keras {shipped['keras']}")
    assert generator.catalog() == shipped


def test_that_every_class_of_keras_is_placed_or_told_why_not(generator: ModuleType) -> None:
    classes, models = set(generator.layer_classes()), set(generator.model_functions())
    known = {name for name, spec in every_layer().items() if spec.category != "io"}
    assert known == classes | models
    assert classes - set(layers()) == set(generator.placing.UNPLACED)
    assert all(len(spec.reason) > 20 for name, spec in every_layer().items() if name not in layers())


def test_that_every_published_model_is_a_block(generator: ModuleType) -> None:
    models = {name for name, spec in layers().items() if spec.category == "models"}
    assert models == set(generator.model_functions())
    for name in models:
        weights = layers()[name].param("weights")
        assert weights is not None
        assert weights.default == "none", "nothing is downloaded unasked"


def test_that_what_cannot_be_placed_is_found_last_and_only_when_asked_for() -> None:
    assert "TFSMLayer" not in [spec.name for spec in find_layers("tfsm")]
    found = find_layers("layer", unplaced=True)
    assert [bool(spec.reason) for spec in found] == sorted(bool(spec.reason) for spec in found)
    assert {"Layer", "TFSMLayer", "TorchModuleWrapper", "JaxLayer", "FlaxLayer"} <= {spec.name for spec in found} | {
        spec.name for spec in find_layers("torch", unplaced=True)
    }


def test_that_the_parts_of_a_recurrent_layer_have_settings_though_they_are_no_nodes() -> None:
    for name in ("LSTMCell", "GRUCell", "SimpleRNNCell", "StackedRNNCells"):
        spec = layer_spec(name)
        assert spec is not None
        assert spec.reason
        assert spec.params


def test_that_layers_of_unlike_inputs_name_them() -> None:
    for name in ("MultiHeadAttention", "GroupQueryAttention", "Attention", "AdditiveAttention"):
        assert layers()[name].ports == ("query", "value", "key")
    assert layers()["Add"].ports == ("input",)
    assert layers()["Input"].ports == ()


@pytest.mark.parametrize("name", OF_THE_FIRST_SLICE)
def test_that_the_first_layers_a_person_looks_for_are_there(name: str) -> None:
    assert layer_spec(name) is not None


def test_that_every_layer_has_a_category_and_an_explanation() -> None:
    for spec in layers().values():
        assert spec.category in CATEGORIES
        assert spec.doc, spec.name
        assert not {"`", ">>>"} & set(spec.doc.split()), spec.name


def test_that_every_suggestion_passes_its_own_check() -> None:
    for spec in layers().values():
        for param in spec.params:
            if param.default is not None:
                assert param.check(param.default) == param.default, f"{spec.name}.{param.name}"
            elif not param.nullable:
                pytest.fail(f"{spec.name}.{param.name} can be neither set nor unset")


def test_that_only_parameters_of_keras_are_offered() -> None:
    for spec in layers().values():
        if spec.category in ("io", "models") or spec.name == "Lambda":
            continue
        known = set(inspect.signature(getattr(keras.layers, spec.name).__init__).parameters)
        assert {param.name for param in spec.params} - known <= {
            "trainable",
            "use_causal_mask",
            "return_attention_scores",
        }, spec.name


def test_that_names_of_initializers_and_activations_are_known_to_keras() -> None:
    lookups = {
        "initializer": keras.initializers.get,
        "regularizer": keras.regularizers.get,
        "constraint": keras.constraints.get,
    }
    for spec in layers().values():
        for param in spec.params:
            lookup = keras.activations.get if "activation" in param.name else lookups.get(param.kind)
            if lookup is not None and (param.kind in lookups or param.kind == "choice"):
                assert all(lookup(choice) is not None for choice in param.choices)


def test_that_every_piece_of_a_summary_names_a_parameter() -> None:
    import string

    for spec in layers().values():
        for _, name, _, _ in string.Formatter().parse(spec.summary):
            assert name is None or spec.param(name) is not None, f"{spec.name}: {name}"


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("dense", "Dense"),
        ("conv", "Conv2D"),
        ("max pool", "MaxPooling2D"),
        ("fully connected", "Dense"),
        ("bn", "BatchNormalization"),
        ("residual", "Add"),
        ("add", "Add"),
        ("rnn", "RNN"),
        ("gap", "GlobalAveragePooling2D"),
        ("lstm", "LSTM"),
    ],
)
def test_that_a_layer_is_found_by_what_people_call_it(typed: str, first: str) -> None:
    assert find_layers(typed)[0].name == first


def test_that_a_kernel_of_no_size_is_refused_in_words() -> None:
    spec = layer_spec("Conv2D")
    assert spec is not None
    size = spec.param("kernel_size")
    assert size is not None
    with pytest.raises(UsageError, match="of at least 1"):
        size.check(0)
    assert size.check("3x5") == [3, 5]
