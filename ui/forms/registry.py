"""Which editor each kind of setting gets."""

from __future__ import annotations

from ui.forms.choice_fields import BooleanField, ChoiceField, ChoicesField
from ui.forms.field import Check, Field
from ui.forms.layer_field import LayerField, LayersField
from ui.forms.named_fields import NamedField
from ui.forms.text_fields import LineField, NumberField
from workbench.core.params import Kind, Param

_FIELDS: dict[Kind, type[Field]] = {
    "integer": NumberField,
    "number": NumberField,
    "boolean": BooleanField,
    "choice": ChoiceField,
    "text": LineField,
    "integers": LineField,
    "shape": LineField,
    "numbers": LineField,
    "initializer": NamedField,
    "regularizer": NamedField,
    "constraint": NamedField,
    "layer": LayerField,
    "layers": LayersField,
    "texts": LineField,
}


def make_field(param: Param, check: Check | None = None) -> Field:
    """The editor for one setting."""
    if param.kind == "boolean" and param.nullable:
        return ChoiceField(param, check)
    if param.kind == "texts" and param.choices:
        return ChoicesField(param, check)
    return _FIELDS[param.kind](param, check)
