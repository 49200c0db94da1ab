"""The learning-rate schedules a plan can have; their lengths are in epochs, Keras's in steps."""

from __future__ import annotations

from workbench.catalog.objects import ObjectSpec, object_spec, objects

CONSTANT = "constant"
_CONSTANT = ObjectSpec(CONSTANT, title="Constant", doc="The learning rate stays as it is.")


def schedules() -> tuple[ObjectSpec, ...]:
    """The schedules, the constant rate first."""
    return (_CONSTANT, *objects("schedules"))


def schedule_spec(name: str) -> ObjectSpec | None:
    """The schedule of that name, or None for one we do not know."""
    return _CONSTANT if name == CONSTANT else object_spec("schedules", name)
