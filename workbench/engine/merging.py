"""Sides of a merge that do not fit one another: in plain words, with what would bring them to one shape."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbench.catalog.layers import layer_spec
from workbench.engine.needs import Shape
from workbench.graph.model import INPUT, Graph, Link, Node
from workbench.graph.problems import Problem, Repair
from workbench.graph.wiring import arranged

# By the number of axes: what changes the channels alone, what makes the places fewer, and what leaves only channels.
_PROJECT = {1: "Dense", 2: "Conv1D", 3: "Conv2D", 4: "Conv3D"}
_POOL = {2: "MaxPooling1D", 3: "MaxPooling2D", 4: "MaxPooling3D"}
_GLOBAL = {2: "GlobalAveragePooling1D", 3: "GlobalAveragePooling2D", 4: "GlobalAveragePooling3D"}

Step = dict[str, Any]
Side = tuple[Link, tuple[int, ...]]


def merge_problem(graph: Graph, node: Node, shapes: Sequence[Shape]) -> Problem | None:
    """What is wrong with a merge; None where the node is none.

    Args:
        graph: The drawing.
        node: The layer that brings its inputs together.
        shapes: Its inputs' shapes, the batch axis apart, in their order.
    """
    spec = layer_spec(node.layer)
    if spec is None or spec.category != "merging" or len(shapes) < 2:
        return None
    words = " and ".join("×".join(str(size) for size in shape) for shape in shapes)
    if node.layer == "Dot":
        return Problem(f"Dot needs inputs alike along its axes, but gets {words}.", node.id, hint="Choose other axes")
    if node.layer == "Concatenate":
        message = f"Concatenate needs inputs alike in all axes but one, but gets {words}."
        hint = "Bring them to one size, by pooling or padding, or choose another axis"
    else:
        message = f"{node.layer} needs inputs of one shape, but gets {words}."
        hint = "Bring them to one shape: by units or filters, by strides, or by padding"
    sides = _sides(graph, node, shapes)
    repair = _repair(graph, node, sides) if sides else None
    return Problem(message, node.id, repair, hint="" if repair else hint)


def _sides(graph: Graph, node: Node, shapes: Sequence[Shape]) -> list[Side]:
    """Each link with its shape; none where a size is open."""
    known = [tuple(size for size in shape if size is not None) for shape in shapes]
    if any(len(found) < len(shape) or not found for found, shape in zip(known, shapes, strict=True)):
        return []
    return list(zip(arranged(graph, node.id), known, strict=True))


def _repair(graph: Graph, node: Node, sides: list[Side]) -> Repair | None:
    if len({len(shape) for _, shape in sides}) > 1:
        return _to_vectors(node, sides)
    if node.layer == "Concatenate":
        return _other_axis(node, sides) or _same_padding(graph, node, sides) or _aligned(node, sides, project=False)
    return _same_padding(graph, node, sides) or _aligned(node, sides, project=True)


def _to_vectors(node: Node, sides: list[Side]) -> Repair | None:
    """Where one side is plain numbers, the others become that too."""
    vectors = [shape[0] for _, shape in sides if len(shape) == 1]
    if not vectors:
        return None
    width, steps = max(vectors), list[Repair]()
    for link, shape in sides:
        layers: list[Step] = []
        if len(shape) in _GLOBAL:
            layers.append({"layer": _GLOBAL[len(shape)]})
        elif len(shape) > 1:
            layers.append({"layer": "Flatten"})
        if node.layer != "Concatenate" and shape[-1] != width:
            layers.append({"layer": "Dense", "params": {"units": width}})
        if layers:
            steps.append(_inserted(node, link, layers))
    return _together(node, steps)


def _other_axis(node: Node, sides: list[Side]) -> Repair | None:
    """Where the inputs differ in one axis alone, they fit along that one."""
    axes = [
        place for place, sizes in enumerate(zip(*(shape for _, shape in sides), strict=True)) if len(set(sizes)) > 1
    ]
    if len(axes) != 1:
        return None
    axis = axes[0] + 1
    return Repair(f"Put them together along axis {axis}", "set_params", node.id, {"params": {"axis": axis}})


def _same_padding(graph: Graph, node: Node, sides: list[Side]) -> Repair | None:
    """Where windows at the edge are what made one side smaller: padding that keeps the size."""
    places = [shape[:-1] for _, shape in sides]
    if not places[0]:
        return None
    largest = tuple(max(sizes) for sizes in zip(*places, strict=True))
    channels = {shape[-1] for _, shape in sides}
    if node.layer != "Concatenate" and len(channels) > 1:
        return None
    steps = []
    for link, shape in sides:
        missing = tuple(whole - size for whole, size in zip(largest, shape[:-1], strict=True))
        if any(missing):
            found = _shrinking(graph, link.source, missing)
            if found is None:
                return None
            steps += found
    words = "Set the padding to same" + (f" in {len(steps)} layers" if len(steps) > 1 else "")
    return _together(node, steps, words)


def _shrinking(graph: Graph, source: str, missing: tuple[int, ...]) -> list[Repair] | None:
    """The layers up a branch whose windows take away just what is missing, each to be padded."""
    steps, left = [], list(missing)
    current = graph.by_id[source]
    while any(left):
        spec, padding = layer_spec(current.layer), current.params.get("padding", "valid")
        window = spec.param("kernel_size") if spec else None
        choices = spec.param("padding") if spec else None
        if window is not None and choices is not None and "same" in choices.choices and padding == "valid":
            sizes = _each(current.params.get("kernel_size", window.default), len(left))
            strides = _each(current.params.get("strides", 1), len(left))
            dilation = _each(current.params.get("dilation_rate", 1), len(left))
            if set(strides) != {1} or current.layer.endswith("Transpose"):
                return None
            left = [gap - (size - 1) * wide for gap, size, wide in zip(left, sizes, dilation, strict=True)]
            words = f"Set the padding of {current.name} to same"
            steps.append(Repair(words, "set_params", current.id, {"params": {"padding": "same"}}))
        if min(left) < 0:
            return None
        before = graph.incoming[current.id]
        if any(left) and (len(before) != 1 or current.layer == INPUT):
            return None
        current = graph.by_id[before[0].source] if before else current
    return steps


def _each(value: Any, axes: int) -> list[int]:
    return [int(size) for size in value] if isinstance(value, list | tuple) else [int(value)] * axes


def _aligned(node: Node, sides: list[Side], *, project: bool) -> Repair | None:
    """Bring the larger sides to the smallest places, and, where asked, the narrower to the widest channels.

    A side of size 1 along an axis fits any other, so it neither changes nor counts.
    """
    target = tuple(
        min([size for size in sizes if size > 1], default=1) for sizes in zip(*(s[:-1] for _, s in sides), strict=True)
    )
    width = max(shape[-1] for _, shape in sides)
    steps = []
    for link, shape in sides:
        fits = all(
            size in (goal, 1) if project else size == goal for size, goal in zip(shape[:-1], target, strict=True)
        )
        narrow = project and shape[-1] not in (width, 1)
        if fits and not narrow:
            continue
        step = _projected(shape, target, width, fits) if project else _pooled(shape, target)
        if step is None:
            return None
        steps.append(_inserted(node, link, step))
    return _together(node, steps)


def _projected(shape: tuple[int, ...], target: tuple[int, ...], width: int, fits: bool) -> list[Step] | None:
    layer = _PROJECT.get(len(shape))
    if layer is None:
        return None
    if layer == "Dense":
        return [{"layer": layer, "params": {"units": width}}]
    params: dict[str, Any] = {"filters": width, "kernel_size": 1}
    if fits:
        return [{"layer": layer, "params": params}]
    strides = _strides(shape[:-1], target)
    if strides is not None:
        return [{"layer": layer, "params": {**params, "strides": _short(strides), "padding": "same"}}]
    if len(shape) != 3:
        return None
    resized = {"layer": "Resizing", "params": {"height": target[0], "width": target[1]}}
    return [resized] if shape[-1] in (width, 1) else [resized, {"layer": layer, "params": params}]


def _pooled(shape: tuple[int, ...], target: tuple[int, ...]) -> list[Step] | None:
    strides = _strides(shape[:-1], target) if len(shape) in _POOL else None
    if strides is not None:
        return [{"layer": _POOL[len(shape)], "params": {"pool_size": _short(strides), "padding": "same"}}]
    if len(shape) != 3:
        return None
    return [{"layer": "Resizing", "params": {"height": target[0], "width": target[1]}}]


def _strides(places: tuple[int, ...], target: tuple[int, ...]) -> list[int] | None:
    """By how much to step along each axis to come to the target; None where no whole step does."""
    steps = [max(1, round(size / goal)) for size, goal in zip(places, target, strict=True)]
    fits = all(-(-size // step) == goal for size, step, goal in zip(places, steps, target, strict=True))
    return steps if fits else None


def _short(sizes: list[int]) -> int | list[int]:
    return sizes[0] if len(set(sizes)) == 1 else sizes


def _inserted(node: Node, link: Link, layers: list[Step]) -> Repair:
    words = " and ".join(_words(step) for step in layers)
    return Repair(f"Insert {words}", "insert_on", node.id, {"link": link.model_dump(), "layers": layers})


def _words(step: Step) -> str:
    params, layer = step.get("params", {}), step["layer"]
    if "units" in params:
        return f"a Dense with {params['units']} unit{'s'[: params['units'] != 1]}"
    if "filters" in params:
        by = params.get("strides", 1)
        many = f"{params['filters']} filter{'s'[: params['filters'] != 1]}"
        return f"a {layer} with {many} of size 1" + (f" and strides {by}" if by != 1 else "")
    if "height" in params:
        return f"a Resizing to {params['height']}×{params['width']}"
    return f"a {layer}"


def _together(node: Node, steps: list[Repair], words: str = "") -> Repair | None:
    if not steps:
        return None
    if len(steps) == 1:
        return steps[0]
    joined = words or f"{steps[0].label}, and {len(steps) - 1} more on the other side{'s'[: len(steps) > 2]}"
    return Repair(joined, "all", node.id, {"repairs": steps})
