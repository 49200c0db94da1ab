"""One declaration of a setting: the form field, the check, the help and the command line's --set all come from it."""

from __future__ import annotations

import dataclasses
import math
from typing import Any, Literal

from workbench.core.errors import UsageError

LARGEST = 1e30
"""Beyond this a number is surely a mistake, and soon none that 32 bits can hold."""
LARGEST_WHOLE = 2**63 - 1

Kind = Literal[
    "integer",
    "number",
    "boolean",
    "choice",
    "text",
    "integers",  # a size per axis: one number for all, or one for each
    "shape",  # a tuple of sizes, -1 for what follows from the rest
    "numbers",  # one number, or a list of them
    "initializer",
    "regularizer",
    "constraint",
    "layer",  # a nested layer, as {"layer": name, "params": {...}}
    "layers",  # several of them, in order
    "texts",  # a list of words
]


@dataclasses.dataclass(frozen=True, slots=True)
class Param:
    """What one setting is.

    Args:
        name: The keyword that Keras (or the plan) knows it by.
        kind: What sort of value it takes.
        default: The JSON value when nothing is set.
        required: Whether Keras asks for it; `default` is then our suggestion.
        doc: One or a few sentences for the form.
        minimum: Smallest number allowed; `exclusive` leaves it out.
        maximum: Largest number allowed.
        choices: What a choice may be, or suggestions for named objects.
        labels: The words for the choices, in their order, where they are not the choices themselves.
        nullable: Whether None (not set) is a value.
        length: For "integers": how many axes there are.
        sides: For "integers": whether the two sides of an axis may differ; then each axis is a pair.
        advanced: Whether the form folds it away.
        label: The word beside the field; made from the name when empty.
        unit: A word after the number.
    """

    name: str
    kind: Kind
    default: Any = None
    required: bool = False
    doc: str = ""
    minimum: float | None = None
    maximum: float | None = None
    exclusive: bool = False
    choices: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    nullable: bool = False
    length: int | None = None
    sides: bool = False
    advanced: bool = False
    label: str = ""
    unit: str = ""

    @property
    def title(self) -> str:
        """The words beside the field."""
        return self.label or self.name.replace("_", " ").capitalize()

    def to_json(self) -> dict[str, Any]:
        """What differs from a bare parameter, for the shipped catalogue."""
        return {
            field.name: list(value) if isinstance(value, tuple) else value
            for field in dataclasses.fields(self)
            if (value := getattr(self, field.name)) != field.default or field.name in ("name", "kind", "default")
        }

    @classmethod
    def from_json(cls, record: dict[str, Any]) -> Param:
        """The parameter that `to_json` wrote."""
        lists = {name: tuple(record.get(name, ())) for name in ("choices", "labels")}
        return cls(**{**record, **lists})

    def check(self, value: Any) -> Any:
        """The value in its stored form (a JSON value); text is read as the kind says.

        Raises:
            UsageError: The value is not one this setting takes; says the rule and what was received.
        """
        if value is None or (isinstance(value, str) and self.nullable and value.strip().lower() in ("", "none")):
            if self.nullable:
                return None
            raise self._refuse(value)
        return _CHECKS[self.kind](self, value)

    def _refuse(self, value: Any) -> UsageError:
        return UsageError(f"{self.title} must be {self.rule}.", f"{self.name}={value!r}", self.doc.split("\n")[0])

    @property
    def rule(self) -> str:
        """What a value must be, as the end of a sentence."""
        words = {
            "integer": "a whole number",
            "number": "a number",
            "boolean": "true or false",
            "choice": "one of " + ", ".join(self.choices),
            "text": "text",
            "integers": "a whole number" + self._how_many,
            "shape": "a list of whole numbers, such as 28, 28, 1",
            "numbers": "a number, or a list of numbers",
            "initializer": "the name of an initializer",
            "regularizer": "the name of a regularizer",
            "constraint": "the name of a constraint",
            "layer": "a layer",
            "layers": "a list of at least one layer",
            "texts": "a list of words, parted by commas",
        }[self.kind]
        if self.kind in ("integer", "number", "integers"):
            if self.minimum is not None:
                words += f" {'above' if self.exclusive else 'of at least'} {self.minimum:g}"
            if self.maximum is not None:
                words += f"{' and' if self.minimum is not None else ''} at most {self.maximum:g}"
        return words + (", or not set" if self.nullable else "")

    @property
    def _how_many(self) -> str:
        axes = self.length or 1
        if self.sides:
            return f", or {axes} of them, or {2 * axes} where the sides of an axis differ"
        return f", or {axes} of them" if axes > 1 else ""

    def _bounded(self, number: float, value: Any) -> None:
        if self.minimum is not None and (number < self.minimum or (self.exclusive and number == self.minimum)):
            raise self._refuse(value)
        if self.maximum is not None and number > self.maximum:
            raise self._refuse(value)

    def _holdable(self, number: float, largest: float, value: Any) -> None:
        if abs(number) > largest:
            least = -largest if self.minimum is None else self.minimum
            raise dataclasses.replace(self, minimum=least, maximum=largest)._refuse(value)


def _integer(param: Param, value: Any) -> int:
    if isinstance(value, bool):
        raise param._refuse(value)
    try:
        number = float(value)
        if not number.is_integer():
            raise ValueError
    except (TypeError, ValueError, OverflowError):
        raise param._refuse(value) from None
    param._bounded(number, value)
    param._holdable(number, LARGEST_WHOLE, value)
    return int(value) if isinstance(value, int) else int(number)


def _number(param: Param, value: Any) -> float:
    if isinstance(value, bool):
        raise param._refuse(value)
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        raise param._refuse(value) from None
    if not math.isfinite(number):
        raise param._refuse(value)
    param._bounded(number, value)
    param._holdable(number, LARGEST, value)
    return number


def _boolean(param: Param, value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lower() in ("true", "yes", "on", "1"):
        return True
    if isinstance(value, str) and value.strip().lower() in ("false", "no", "off", "0"):
        return False
    raise param._refuse(value)


def _choice(param: Param, value: Any) -> str:
    if not isinstance(value, str) or value not in param.choices:
        raise param._refuse(value)
    return value


def _text(param: Param, value: Any) -> str:
    if not isinstance(value, str):
        raise param._refuse(value)
    return value


def _split(value: Any) -> list[Any]:
    if isinstance(value, str):
        pieces = value.replace("×", ",").replace("x", ",").strip("()[] ").split(",")
        return [piece.strip() for piece in pieces if piece.strip()]
    return list(value) if isinstance(value, list | tuple) else [value]


def _integers(param: Param, value: Any) -> int | list[Any]:
    pieces = _split(value)
    if param.sides and (len(pieces) == 2 * (param.length or 1) or any(isinstance(one, list | tuple) for one in pieces)):
        return _sided(param, value, pieces)
    if not pieces or len(pieces) not in (1, param.length or 1):
        raise param._refuse(value)
    numbers = [_integer(param, piece) for piece in pieces]
    same = all(number == numbers[0] for number in numbers)
    return numbers[0] if same else numbers


def _sided(param: Param, value: Any, pieces: list[Any]) -> int | list[Any]:
    """The two sides of each axis, given as pairs or one after the other; where they are alike, one number an axis."""
    if len(pieces) == 2 * (param.length or 1):
        pieces = [pieces[place : place + 2] for place in range(0, len(pieces), 2)]
    pairs = [piece if isinstance(piece, list | tuple) else [piece, piece] for piece in pieces]
    if len(pairs) != param.length or any(len(pair) != 2 for pair in pairs):
        raise param._refuse(value)
    sides = [[_integer(param, side) for side in pair] for pair in pairs]
    return _integers(param, [one for one, _ in sides]) if all(one == other for one, other in sides) else sides


def _shape(param: Param, value: Any) -> list[int]:
    pieces = _split(value)
    if not pieces:
        raise param._refuse(value)
    try:
        sizes = [_integer(dataclasses.replace(param, minimum=-1), piece) for piece in pieces]
    except UsageError:
        raise param._refuse(value) from None
    if any(size == 0 for size in sizes) or sizes.count(-1) > 1:
        raise param._refuse(value)
    return sizes


def _numbers(param: Param, value: Any) -> float | list[float]:
    pieces = _split(value)
    if not pieces:
        raise param._refuse(value)
    numbers = [_number(param, piece) for piece in pieces]
    return numbers[0] if len(numbers) == 1 else numbers


def _named(param: Param, value: Any) -> Any:
    if isinstance(value, str) and value and (not param.choices or value in param.choices):
        return value
    if isinstance(value, dict) and isinstance(value.get("class_name"), str):
        return value
    raise param._refuse(value)


def _layer(param: Param, value: Any) -> dict[str, Any]:
    if isinstance(value, dict) and isinstance(value.get("layer"), str) and isinstance(value.get("params", {}), dict):
        return value
    raise param._refuse(value)


def _layers(param: Param, value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list | tuple) or not value:
        raise param._refuse(value)
    return [_layer(param, item) for item in value]


def _texts(param: Param, value: Any) -> list[str]:
    pieces = [piece.strip() for piece in value.split(",")] if isinstance(value, str) else value
    if not isinstance(pieces, list | tuple) or not pieces:
        raise param._refuse(value)
    if not all(isinstance(piece, str) and piece for piece in pieces):
        raise param._refuse(value)
    return list(pieces)


_CHECKS: dict[str, Any] = {
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "choice": _choice,
    "text": _text,
    "integers": _integers,
    "shape": _shape,
    "numbers": _numbers,
    "initializer": _named,
    "regularizer": _named,
    "constraint": _named,
    "layer": _layer,
    "layers": _layers,
    "texts": _texts,
}
