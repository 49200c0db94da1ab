"""What may stand in a model's description: Keras's own classes by name, plain values, and sizes that fit a machine."""

from __future__ import annotations

import math
import re
from typing import Any

from workbench.importing.limits import MOST_INTEGER, MOST_PARAMETERS, MOST_SIZE, damaged, refused, words

_STEMS = {
    "*1D *2D *3D": "AdaptiveAveragePooling AdaptiveMaxPooling AveragePooling Conv ConvLSTM Cropping"
    " GlobalAveragePooling GlobalMaxPooling MaxPooling SpatialDropout UpSampling ZeroPadding",
    "*1D *2D": "DepthwiseConv SeparableConv",
    "*1DTranspose *2DTranspose *3DTranspose": "Conv",
    "Random*": "Brightness ColorDegeneration ColorJitter Contrast Crop ElasticTransform Erasing Flip GaussianBlur"
    " Grayscale Hue Invert Perspective Posterization Rotation Saturation Sharpness Shear Translation Zoom",
}
_LAYERS = words(
    "Activation ActivityRegularization Add AdditiveAttention AlphaDropout Attention AugMix AutoContrast Average"
    " BatchNormalization Bidirectional CategoryEncoding CenterCrop Concatenate CutMix"
    " ContrastLimitedAdaptiveHistogramEqualization Dense Discretization Dot Dropout ELU EinsumDense Embedding"
    " Equalization Flatten GRU GRUCell GaussianDropout GaussianNoise GroupNormalization GroupedQueryAttention"
    " GroupQueryAttention HashedCrossing Hashing Identity InputLayer IntegerLookup LSTM LSTMCell LayerNormalization"
    " LeakyReLU Masking MaxNumBoundingBoxes Maximum MelSpectrogram Minimum MixUp MultiHeadAttention Multiply"
    " Normalization PReLU Permute Pipeline RMSNormalization RNN RandAugment ReLU RepeatVector Rescaling Reshape"
    " Resizing ReversibleEmbedding STFTSpectrogram SimpleRNN SimpleRNNCell Softmax Solarization"
    " SpectralNormalization StackedRNNCells StringLookup Subtract TextVectorization TimeDistributed"
    " UnitNormalization"
) | {form.replace("*", stem) for forms, stems in _STEMS.items() for form in forms.split() for stem in stems.split()}
FUNCTIONAL = frozenset({"Functional", "Model"})
MODELS = FUNCTIONAL | {"Sequential"}
_OF_APPLICATIONS = {
    "LayerScale": "keras.src.applications.convnext",
    "StochasticDepth": "keras.src.applications.convnext",
    "CustomScaleLayer": "keras.src.applications.inception_resnet_v2",
}
_NAMED = words(
    "Constant GlorotNormal GlorotUniform HeNormal HeUniform Identity LecunNormal LecunUniform Ones Orthogonal"
    " OrthogonalInitializer IdentityInitializer RandomNormal RandomUniform STFTInitializer TruncatedNormal"
    " VarianceScaling Zeros STFT L1 L1L2 L2 OrthogonalRegularizer MaxNorm MinMaxNorm NonNeg UnitNorm DTypePolicy"
    " FloatDTypePolicy Policy"
)
_MARKERS = frozenset({"__keras_tensor__", "__slice__", "__ellipsis__", "__tuple__", "TensorShape"})
ACTIVATIONS = words(
    "celu elu exponential gelu glu hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh leaky_relu linear"
    " log_sigmoid log_softmax mish relu relu6 selu sigmoid silu soft_shrink softmax softplus softsign sparse_plus"
    " sparse_sigmoid sparsemax squareplus swish tanh tanh_shrink threshold"
)
_MODULES = words(
    "builtins keras keras.layers keras.models keras.initializers keras.regularizers keras.constraints"
    " keras.dtype_policies keras.activations"
)
_MODEL_MODULES = re.compile(r"keras\.src\.(models|engine|engine\.)?\.?(functional|sequential|model|training)")
_OPERATIONS = re.compile(r"keras\.src\.ops\.(numpy|nn|math|core|image|linalg)")
# These run functions that they are handed.
_CALLING = words("Map Scan AssociativeScan Switch WhileLoop ForiLoop Cond VectorizedMap JVP Vectorize Operation")
_SIZES = words(
    "units filters input_dim output_dim projection_dim num_heads num_query_heads num_key_value_heads key_dim"
    " value_dim head_dim depth_multiplier kernel_size pool_size strides dilation_rate padding cropping size"
    " target_shape output_shape output_size batch_shape batch_input_shape input_shape build_input_shape shape"
    " shapes_dict groups n num_tokens num_bins max_tokens height width num_mel_bins sequence_length"
    " fft_length sequence_stride output_sequence_length num_oov_indices input_length"
)


def check(name: str, config: dict[str, Any]) -> None:
    """Look at every value of a description.

    Args:
        name: What the file is called, for the error.
        config: The description; not changed.

    Raises:
        FileError: It names a class that is not Keras's own, one that runs code, or a size no machine holds.
    """
    kind = config.get("class_name")
    if kind is None or not isinstance(config.get("config"), dict | list):
        raise damaged(name, "its description names no model")
    if kind not in MODELS:
        check_value(name, config)
        raise damaged(name, f"its description is of {str(kind)[:60]!r}, no Sequential or Functional model")
    check_value(name, config)


def check_value(name: str, value: Any, key: str = "", sized: bool = False) -> None:
    """Look at one value and all that is in it; `key` is what it stands under, `sized` whether that names a size."""
    if isinstance(value, dict):
        if "class_name" in value or "registered_name" in value:
            _check_class(name, value)
        for inner, item in value.items():
            # How the model was compiled is never loaded.
            if inner != "compile_config":
                check_value(name, item, inner, inner in _SIZES or (sized and key in _SIZES))
    elif isinstance(value, list):
        for item in value:
            check_value(name, item, key, sized)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        _check_number(name, key, value, sized)
    elif isinstance(value, str) and key == "vocabulary" and value:
        raise refused(name, f"a vocabulary read from the file {value[:80]!r}")


def _check_number(name: str, key: str, value: float, sized: bool) -> None:
    if not math.isfinite(value) or abs(value) > (MOST_SIZE if sized else MOST_INTEGER):
        raise refused(name, f"{key} = {value:,}", "No machine could hold it.")


def _check_class(name: str, value: dict[str, Any]) -> None:
    kind, module = value.get("class_name"), value.get("module")
    told = f"{module}.{kind}"[:120] if module else str(kind)[:120]
    registered = value.get("registered_name")
    if not isinstance(kind, str) or not isinstance(module, str | None):
        raise refused(name, f"the class {told}")
    if isinstance(registered, str) and ">" in registered and registered.split(">")[0] != "keras":
        raise refused(name, f"the class {registered[:120]}, which is its maker's own")
    if kind == "Lambda" or kind == "__lambda__":
        raise refused(name, "Python code in a Lambda layer")
    if kind == "function":
        _check_function(name, value)
    elif kind in _MARKERS or _known(kind, module):
        return
    else:
        raise refused(name, f"the class {told}")


def _known(kind: str, module: str | None) -> bool:
    if kind in _OF_APPLICATIONS:
        return module == _OF_APPLICATIONS[kind]
    if module is not None and _OPERATIONS.fullmatch(module):
        return kind.isidentifier() and kind[0].isupper() and kind not in _CALLING
    ours = module is None or module in _MODULES
    if kind in MODELS:
        return ours or _MODEL_MODULES.fullmatch(str(module)) is not None
    return (ours or str(module).startswith("keras.src.layers.")) and (kind in _LAYERS or kind in _NAMED)


def _check_function(name: str, value: dict[str, Any]) -> None:
    function, module = value.get("config"), value.get("module")
    ours = module in (None, "builtins", "keras.activations") or str(module).startswith("keras.src.activations")
    if not ours or function not in ACTIVATIONS or value.get("registered_name") not in (None, function):
        raise refused(name, f"the function {module}.{function}"[:120])


def check_sizes(name: str, parameters: int, held: int | None) -> None:
    """Whether what a description asks for fits a machine, and the weights that the file holds.

    Args:
        name: What the file is called.
        parameters: How many numbers the layers will keep, counted from below.
        held: How many numbers the file holds; None where it holds none.
    """
    if parameters > MOST_PARAMETERS:
        raise refused(name, f"layers of {parameters:,} parameters", "No machine could hold it.")
    if held is not None and parameters > 2 * held + 1_000_000:
        raise refused(name, f"layers of {parameters:,} parameters, with weights for {held:,}")
