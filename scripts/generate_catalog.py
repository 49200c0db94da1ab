"""Write the catalogue's JSON files from Keras's own signatures and docstrings; --check writes nothing."""

from __future__ import annotations

import argparse
import inspect
import json
import re
import sys
from pathlib import Path
from typing import Any

import keras

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parent.parent)]

from docstrings import plain, sections  # noqa: E402
from tables import applications, parameters, placing, wording  # noqa: E402
from training_records import training_catalog  # noqa: E402

from workbench.catalog import operations  # noqa: E402
from workbench.core.files import write_text  # noqa: E402
from workbench.core.params import Param  # noqa: E402

CATALOG = Path(__file__).resolve().parent.parent / "workbench" / "catalog"
TARGET = CATALOG / "layers.json"
TRAINING = CATALOG / "training.json"

TRAINABLE = Param("trainable", "boolean", True, doc="Whether its weights learn; if not, it is frozen.", advanced=True)

COLUMNS = Param(
    "columns",
    "texts",
    nullable=True,
    doc="For tables: the columns that come in here, by name. Not set, the whole sample comes in.",
)

ENDS = [
    {
        "name": "Input",
        "category": "io",
        "params": [COLUMNS.to_json()],
        "doc": "Where the data come in. Its shape follows the data that you picked.",
        "words": ["data", "start", "source"],
        "min_inputs": 0,
        "max_inputs": 0,
        "ports": [],
    },
    {
        "name": "Output",
        "category": "io",
        "params": [],
        "doc": "Where the answer goes out. It passes on what it gets and says what the data ask for: one number for "
        "each class, or one value.",
        "words": ["answer", "end", "target", "prediction"],
    },
]


def layer_classes() -> dict[str, type]:
    """The classes of keras.layers by their own names, aliases apart."""
    found = {}
    for name in dir(keras.layers):
        thing = getattr(keras.layers, name)
        if inspect.isclass(thing) and issubclass(thing, keras.layers.Layer):
            found[thing.__name__ if hasattr(keras.layers, thing.__name__) else name] = thing
    return found


def rank_of(name: str) -> int | None:
    """How many axes a class's sizes have, by the digit in its name."""
    digits = re.search(r"(\d)D", name)
    return int(digits.group(1)) if digits else None


def json_value(value: Any) -> Any:
    """A signature's default as the catalogue stores it: a size that is the same on every axis is one number."""
    if isinstance(value, tuple):
        items = [json_value(item) for item in value]
        flat = all(isinstance(item, int | float) for item in items)
        return items[0] if items and all(item == items[0] for item in items) and flat else items
    return value


def guess(name: str, default: Any) -> dict[str, Any]:
    """The kind of a parameter, by how it is called, else by its default."""
    ends = {
        "_initializer": {"kind": "initializer", "choices": parameters.INITIALIZERS, "advanced": True},
        "_regularizer": {"kind": "regularizer", "choices": parameters.REGULARIZERS, "advanced": True},
        "_constraint": {"kind": "constraint", "choices": parameters.CONSTRAINTS, "advanced": True},
    }
    for end, kind in ends.items():
        if name.endswith(end):
            return dict(kind)
    if name in ("activation", "recurrent_activation"):
        return {"kind": "choice", "choices": activations()}
    if name == "padding":
        return {"kind": "choice", "choices": ("valid", "same")}
    if name in ("layer", "cell"):
        return {"kind": "layer"}
    if isinstance(default, bool):
        return {"kind": "boolean"}
    if name in parameters.PARAMS:
        return dict(parameters.PARAMS[name])
    if isinstance(default, int):
        return {"kind": "integer", "minimum": 0}
    if isinstance(default, float):
        return {"kind": "number"}
    raise SystemExit(f"No kind is known for a parameter called {name!r} (default {default!r}): add it to the tables.")


def activations() -> tuple[str, ...]:
    """The activations by name, those used most first."""
    common = ("relu", "linear", "sigmoid", "softmax", "tanh", "gelu", "silu", "elu", "selu", "leaky_relu", "softplus")
    functions = [name for name in dir(keras.activations) if inspect.isfunction(getattr(keras.activations, name))]
    rest = [name for name in functions if name not in (*common, "get", "serialize", "deserialize", "swish")]
    return (*common, *sorted(rest))


def param_record(layer: str, parameter: inspect.Parameter, doc: str) -> dict[str, Any] | None:
    """One parameter as the catalogue stores it, or None for one that is not shown."""
    name = parameter.name
    if name in parameters.HIDDEN:
        return None
    own = dict(parameters.EXCEPTIONS.get((layer, name), {}))
    if own.pop("hidden", False):
        return None
    if "kind" not in own or own["kind"] == "layer":
        own = {**guess(name, parameter.default), **own}
    needed = parameter.default is inspect.Parameter.empty
    default = None if needed else json_value(parameter.default)
    if own["kind"] == "initializer":
        default = default.lower() if isinstance(default, str) else default
        own["choices"] = tuple(dict.fromkeys((*own["choices"], default)))
    suggestion = own.pop("suggest", default)
    differs = needed or (default is None and suggestion is not None) or name in ("value_range", "output_mode")
    if own["kind"] == "integers" and "length" not in own:
        own["length"] = rank_of(layer) or 2
    if differs:
        default = suggestion
    fields = {
        "name": name,
        "default": default,
        "required": differs,
        "doc": plain(own.pop("doc", doc)),
        "nullable": own.pop("nullable", not differs and default is None),
        "advanced": own.pop("advanced", name in parameters.ADVANCED and (layer, name) not in parameters.PLAIN),
        **own,
    }
    if needed and suggestion is None:
        raise SystemExit(f"{layer} requires {name!r}: suggest a value in the tables.")
    param = Param(**fields)
    if default is not None:
        param.check(default)
    return param.to_json()


def summary_of(name: str, params: set[str]) -> str:
    """Which parameters the node shows."""
    if name in wording.SUMMARIES:
        return wording.SUMMARIES[name]
    return next((text for needed, text in wording.SUMMARY_BY_PARAMS if needed <= params), "")


def layer_params(name: str, cls: type) -> list[dict[str, Any]]:
    """The parameters of one layer, in the order of its signature."""
    if name == "Lambda":
        return [param.to_json() for param in operations.PARAMS]
    _, arguments = sections(cls.__doc__ or "")
    _, more = sections(cls.__init__.__doc__ or "")
    arguments = {**more, **arguments}
    plain_kinds = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    params = [
        record
        for parameter in list(inspect.signature(cls.__init__).parameters.values())[1:]
        if parameter.kind in plain_kinds
        and (record := param_record(name, parameter, arguments.get(parameter.name, ""))) is not None
    ]
    params += [Param(**setting).to_json() for setting in parameters.CALLED_WITH.get(name, ())]
    if any(param["kind"] in ("initializer", "layer") for param in params) and name not in placing.UNPLACED:
        params.append(TRAINABLE.to_json())
    return params


def layer_record(name: str, category: str, cls: type, reason: str = "") -> dict[str, Any]:
    """One layer as the catalogue stores it; one that cannot be placed has parameters only where it is a part."""
    description = plain(sections(cls.__doc__ or "")[0])
    params = layer_params(name, cls) if not reason or category == "recurrent" else []
    names = set(inspect.signature(cls.__init__).parameters)
    least, most = placing.INPUTS.get(name, (1, 1))
    record = {
        "name": name,
        "category": category,
        "params": params,
        "doc": "\n\n".join(filter(None, (description, wording.NOTES.get(name)))),
        "summary": summary_of(name, names),
        "words": list(wording.WORDS.get(name, ())),
        "min_inputs": least,
        "max_inputs": most,
        "ports": list(placing.PORTS.get(name, ("input",))),
        "reason": reason,
    }
    usual = {"summary": "", "words": [], "min_inputs": 1, "max_inputs": 1, "ports": ["input"], "reason": ""}
    return {key: value for key, value in record.items() if key not in usual or value != usual[key]}


def model_functions() -> dict[str, Any]:
    """The models of keras.applications by name."""
    found = {name: getattr(keras.applications, name) for name in dir(keras.applications)}
    return {name: thing for name, thing in found.items() if inspect.isfunction(thing)}


def model_record(name: str, function: Any) -> dict[str, Any]:
    """One model of keras.applications as the catalogue stores it."""
    description, arguments = sections(function.__doc__ or "")
    activation = {"kind": "choice", "choices": activations(), "nullable": True, "advanced": True}
    params = [Param(**setting) for setting in applications.MODEL_PARAMS]
    for parameter in inspect.signature(function).parameters.values():
        kind = activation if parameter.name == "classifier_activation" else applications.MODEL_OWN.get(parameter.name)
        if kind is not None:
            doc = plain(arguments.get(parameter.name, ""))
            params.append(
                Param(**{"name": parameter.name, "default": parameter.default, "doc": doc, "advanced": True, **kind})
            )
    return {
        "name": name,
        "category": "models",
        "params": [param.to_json() for param in (*params, TRAINABLE)],
        "doc": plain(description),
        "summary": "weights {weights} · {include_top:with its top}",
        "words": list(applications.MODEL_WORDS),
    }


def catalog() -> dict[str, Any]:
    """The whole catalogue; ends the program when Keras has a class that the tables do not know."""
    classes = layer_classes()
    placed = {name for names in placing.CATEGORIES.values() for name in names}
    unknown = set(classes) - placed - set(placing.UNPLACED)
    missing = (placed | set(placing.UNPLACED)) - set(classes)
    if unknown or missing:
        raise SystemExit(f"Keras {keras.__version__}: not in the tables: {sorted(unknown)}; gone: {sorted(missing)}.")
    records = [
        layer_record(name, category, classes[name]) for category, names in placing.CATEGORIES.items() for name in names
    ]
    models = [model_record(name, function) for name, function in model_functions().items()]
    others = [
        layer_record(name, category, classes[name], reason) for name, (category, reason) in placing.UNPLACED.items()
    ]
    return {"keras": keras.__version__, "layers": [*ENDS, *records, *models, *others]}


def text_of(records: dict[str, Any]) -> str:
    """The file's text: one line a parameter, so that a change of Keras is readable as a diff."""
    return json.dumps(records, indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file is not current")
    checking = parser.parse_args().check
    stale = []
    for target, records in ((TARGET, catalog()), (TRAINING, training_catalog())):
        text = text_of(records)
        if target.exists() and target.read_text(encoding="utf-8") == text:
            continue
        stale.append(target.name)
        if not checking:
            write_text(target, text)
    if checking and stale:
        print(f"Not current: {', '.join(stale)}. Run scripts/generate_catalog.py.")
        return 1
    print(f"The catalogue of Keras {keras.__version__} is current." if not stale else f"Written: {', '.join(stale)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
