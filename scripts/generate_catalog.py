"""Write workbench/catalog/layers.json from Keras's own signatures and docstrings; --check writes nothing."""

from __future__ import annotations

import argparse
import inspect
import json
import re
import sys
import textwrap
from pathlib import Path
from typing import Any

import keras

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parent.parent)]

import catalog_tables as tables  # noqa: E402

from workbench.catalog import operations  # noqa: E402
from workbench.core.files import write_text  # noqa: E402
from workbench.core.params import Param  # noqa: E402

TARGET = Path(__file__).resolve().parent.parent / "workbench" / "catalog" / "layers.json"

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


def sections(doc: str) -> tuple[str, dict[str, str]]:
    """A docstring's description, and what it says of each argument."""
    text = inspect.cleandoc(doc or "")
    parts = re.split(r"^(Args|Arguments|Parameters):\s*$", text, maxsplit=1, flags=re.MULTILINE)
    body = re.split(
        r"^(Examples?|Input shape|Output shape|Call arguments|Raises|References?|Attributes|Usage|Output|Returns|"
        r"\*\*Note[^\n]*|If you|Example usage)\b.*?:\s*$",
        parts[0],
        maxsplit=1,
        flags=re.MULTILINE,
    )[0]
    if len(parts) == 1:
        return body, {}
    block = re.split(r"^\S", parts[2], maxsplit=1, flags=re.MULTILINE)[0]
    block = textwrap.dedent(block.strip("\n"))
    pieces = re.split(r"^`?(\*{0,2}[A-Za-z_]\w*)`?:[ \n]", block, flags=re.MULTILINE)
    return body, {pieces[place]: pieces[place + 1] for place in range(1, len(pieces) - 1, 2)}


def plain(text: str) -> str:
    """Docstring markup as plain sentences; code examples are left out."""
    text = re.sub(r"```.*?(```|\Z)", "", text, flags=re.DOTALL)
    text = re.sub(r"^\s*(>>>|\.\.\.).*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"\[([^\]]+)\]\(\s*https?://[^)]+\)", r"\1", text)
    text = text.replace("``", "`").replace("`", "").replace("**", "").replace("keras.layers.", "")
    paragraphs = [re.sub(r"\s+", " ", part).strip() for part in re.split(r"\n\s*\n", text)]
    return "\n\n".join(part for part in paragraphs if part and not re.fullmatch(r"(Formula|Example|Note)s?:", part))


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
        "_initializer": {"kind": "initializer", "choices": tables.INITIALIZERS, "advanced": True},
        "_regularizer": {"kind": "regularizer", "choices": tables.REGULARIZERS, "advanced": True},
        "_constraint": {"kind": "constraint", "choices": tables.CONSTRAINTS, "advanced": True},
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
    if name in tables.PARAMS:
        return dict(tables.PARAMS[name])
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
    if name in tables.HIDDEN:
        return None
    own = dict(tables.EXCEPTIONS.get((layer, name), {}))
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
        "advanced": own.pop("advanced", name in tables.ADVANCED and (layer, name) not in tables.PLAIN),
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
    if name in tables.SUMMARIES:
        return tables.SUMMARIES[name]
    return next((text for needed, text in tables.SUMMARY_BY_PARAMS if needed <= params), "")


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
    params += [Param(**setting).to_json() for setting in tables.CALLED_WITH.get(name, ())]
    if any(param["kind"] in ("initializer", "layer") for param in params) and name not in tables.UNPLACED:
        params.append(TRAINABLE.to_json())
    return params


def layer_record(name: str, category: str, cls: type, reason: str = "") -> dict[str, Any]:
    """One layer as the catalogue stores it; one that cannot be placed has parameters only where it is a part."""
    description = plain(sections(cls.__doc__ or "")[0])
    params = layer_params(name, cls) if not reason or category == "recurrent" else []
    names = set(inspect.signature(cls.__init__).parameters)
    least, most = tables.INPUTS.get(name, (1, 1))
    record = {
        "name": name,
        "category": category,
        "params": params,
        "doc": "\n\n".join(filter(None, (description, tables.NOTES.get(name)))),
        "summary": summary_of(name, names),
        "words": list(tables.WORDS.get(name, ())),
        "min_inputs": least,
        "max_inputs": most,
        "ports": list(tables.PORTS.get(name, ("input",))),
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
    params = [Param(**setting) for setting in tables.MODEL_PARAMS]
    for parameter in inspect.signature(function).parameters.values():
        kind = activation if parameter.name == "classifier_activation" else tables.MODEL_OWN.get(parameter.name)
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
        "words": list(tables.MODEL_WORDS),
    }


def catalog() -> dict[str, Any]:
    """The whole catalogue; ends the program when Keras has a class that the tables do not know."""
    classes = layer_classes()
    placed = {name for names in tables.CATEGORIES.values() for name in names}
    unknown = set(classes) - placed - set(tables.UNPLACED)
    missing = (placed | set(tables.UNPLACED)) - set(classes)
    if unknown or missing:
        raise SystemExit(f"Keras {keras.__version__}: not in the tables: {sorted(unknown)}; gone: {sorted(missing)}.")
    records = [
        layer_record(name, category, classes[name]) for category, names in tables.CATEGORIES.items() for name in names
    ]
    models = [model_record(name, function) for name, function in model_functions().items()]
    others = [
        layer_record(name, category, classes[name], reason) for name, (category, reason) in tables.UNPLACED.items()
    ]
    return {"keras": keras.__version__, "layers": [*ENDS, *records, *models, *others]}


def text_of(records: dict[str, Any]) -> str:
    """The file's text: one line a parameter, so that a change of Keras is readable as a diff."""
    return json.dumps(records, indent=1, ensure_ascii=False) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the file is not current")
    checking = parser.parse_args().check
    text = text_of(catalog())
    current = TARGET.exists() and TARGET.read_text(encoding="utf-8") == text
    if checking:
        print(
            "The catalogue is current." if current else "The catalogue is not current: run scripts/generate_catalog.py."
        )
        return 0 if current else 1
    write_text(TARGET, text)
    print(f"{TARGET.name}: {len(json.loads(text)['layers'])} layers of Keras {keras.__version__}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
