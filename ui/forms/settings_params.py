"""Declarations for the fields of a pydantic settings model: bounds, choices and sentences are its metadata."""

from __future__ import annotations

import dataclasses
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import annotated_types
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from workbench.core.errors import UsageError
from workbench.core.params import Kind, Param


@dataclasses.dataclass(frozen=True)
class Setting:
    """One field of a settings model.

    Args:
        path: Dotted from the model's root ("early_stopping.patience").
        param: Its declaration.
        group: The nested model it stands in, as words; empty at the root.
        names: Whether the value is a list of names.
    """

    path: str
    param: Param
    group: str = ""
    names: bool = False
    adapter: TypeAdapter[Any] | None = None

    def check(self, value: Any) -> Any:
        """The value in its stored form; first by the declaration, then by the model itself."""
        value = value if self.names else self.param.check(value)
        if self.adapter is None:
            return value
        try:
            return self.adapter.dump_python(self.adapter.validate_python(value), mode="json")
        except ValidationError as error:
            rule = error.errors()[0]["msg"].replace("Input should be", "must be")
            raise UsageError(f"{self.param.title}: {rule}.", f"{self.path}={value!r}", self.param.doc) from None


def settings_of(model: type[BaseModel], prefix: str = "", group: str = "") -> list[Setting]:
    """Every field of the model and of the models in it, in order."""
    found: list[Setting] = []
    for name, field in model.model_fields.items():
        path = f"{prefix}{name}"
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            found += settings_of(field.annotation, f"{path}.", name.replace("_", " ").capitalize())
        else:
            found.append(_setting(path, name, field, group))
    return found


def _setting(path: str, name: str, field: FieldInfo, group: str) -> Setting:
    annotation, nullable = _without_none(field.annotation)
    names = get_origin(annotation) in (tuple, list)
    minimum, maximum, exclusive = _bounds(field)
    default = field.get_default(call_default_factory=True, validated_data={})
    param = Param(
        name=path,
        kind=_kind(annotation),
        default=list(default) if isinstance(default, tuple) else default,
        doc=field.description or "",
        minimum=minimum,
        maximum=maximum,
        exclusive=exclusive,
        choices=tuple(get_args(annotation)) if get_origin(annotation) is Literal else (),
        nullable=nullable,
        label=field.title or name.replace("_", " ").capitalize(),
    )
    annotated: Any = Annotated[field.annotation, field]
    adapter: TypeAdapter[Any] = TypeAdapter(annotated)
    return Setting(path, param, group, names, adapter)


def _without_none(annotation: Any) -> tuple[Any, bool]:
    if get_origin(annotation) in (Union, UnionType):
        kinds = [kind for kind in get_args(annotation) if kind is not NoneType]
        return kinds[0], len(kinds) < len(get_args(annotation))
    return annotation, False


def _kind(annotation: Any) -> Kind:
    if get_origin(annotation) is Literal:
        return "choice"
    kinds: dict[Any, Kind] = {bool: "boolean", int: "integer", float: "number"}
    return kinds.get(annotation, "text")


def _bounds(field: FieldInfo) -> tuple[float | None, float | None, bool]:
    minimum: Any = None
    maximum: Any = None
    exclusive = False
    for rule in field.metadata:
        if isinstance(rule, annotated_types.Ge):
            minimum = rule.ge
        elif isinstance(rule, annotated_types.Gt):
            minimum, exclusive = rule.gt, True
        elif isinstance(rule, annotated_types.Le):
            maximum = rule.le
        elif isinstance(rule, annotated_types.Lt):
            maximum = rule.lt
    return minimum, maximum, exclusive
