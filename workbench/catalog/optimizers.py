"""The optimizers one can train with."""

from __future__ import annotations

from workbench.catalog.objects import ObjectSpec, object_spec, objects


def optimizers() -> tuple[ObjectSpec, ...]:
    """The optimizers, the default first."""
    return objects("optimizers")


def optimizer_spec(name: str) -> ObjectSpec | None:
    """The optimizer of that name, or None for one we do not know."""
    return object_spec("optimizers", name)
