"""`workbench datasets | presets | layers | catalog`: what there is."""

from __future__ import annotations

import dataclasses
import enum
from typing import Annotated

import typer

from workbench import catalog
from workbench.catalog.objects import OBJECT_KINDS, every_object
from workbench.cli import output
from workbench.cli.commands.options import AsJson
from workbench.data import catalogue
from workbench.project.presets import architectures, project_presets

ObjectKinds = enum.Enum("ObjectKinds", {kind: kind for kind in OBJECT_KINDS}, type=str)  # type: ignore[misc]


def datasets(as_json: AsJson = False) -> None:
    """List the datasets that come with the program or are downloaded on demand."""
    entries = catalogue.datasets()
    if as_json:
        output.emit([dataclasses.asdict(entry) for entry in entries])
        return
    output.table(
        ["name", "what", "kind", "task", "samples", ""],
        [
            [e.name, e.title, e.kind, e.task, f"{e.samples:,}", "download" if e.download else "built in"]
            for e in entries
        ],
        right=["samples"],
    )


def presets(as_json: AsJson = False) -> None:
    """List the projects and architectures to begin with."""
    found = (*project_presets(), *architectures())
    if as_json:
        output.emit([preset.to_json() for preset in found])
        return
    output.table(["name", "group", "what"], [[p.name, p.group, f"{p.title}. {p.description}"] for p in found])


def layers(as_json: AsJson = False) -> None:
    """List every layer that Keras has, with its parameters; with the reason where one cannot be placed."""
    specs = catalog.every_layer().values()
    if as_json:
        output.emit(
            [
                {
                    "name": spec.name,
                    "category": spec.category,
                    "params": [param.to_json() for param in spec.params],
                    "doc": spec.doc,
                    "ports": list(spec.ports),
                    "inputs": [spec.min_inputs, spec.max_inputs],
                    "reason": spec.reason,
                }
                for spec in specs
            ]
        )
        return
    output.table(
        ["layer", "category", "parameters"],
        [[s.name, s.category, s.reason or ", ".join(p.name for p in s.params if not p.advanced)] for s in specs],
    )


def objects(
    kind: Annotated[ObjectKinds, typer.Argument(help="What is listed.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """List what Keras can train with, one kind at a time; with the reason where a plan cannot name it."""
    found = every_object(kind.value)
    if as_json:
        output.emit([spec.to_json() for spec in found])
        return
    rows = []
    for spec in found:
        settings = ", ".join(param.name for param in spec.params if not param.advanced) or spec.setting
        words = f"Cannot be chosen: {spec.reason}" if spec.reason else f"{spec.title}. {spec.doc}".removeprefix(". ")
        rows.append([spec.name, words, settings])
    output.table(["name", "what", "settings"], rows)
