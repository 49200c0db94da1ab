"""What an expression of a script can stand for while it is read; nothing of it is ever executed."""

from __future__ import annotations

import ast
import dataclasses
from typing import Any

from workbench.graph.ports import MAIN
from workbench.graph.problems import Problem


@dataclasses.dataclass(frozen=True)
class LineProblem(Problem):
    """A part of a script that cannot be drawn, with its line from 1."""

    line: int = 0


class CannotDraw(Exception):
    """Raised where a script leaves what can be drawn; the text says what was found."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclasses.dataclass(frozen=True)
class Ref:
    """A name of Keras, such as `keras.layers.Dense`."""

    path: str


@dataclasses.dataclass(eq=False)
class Layer:
    """A layer that was made; `nodes` are its calls."""

    layer: str
    params: dict[str, Any]
    name: str | None
    line: int
    nodes: list[str] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True)
class Tensor:
    """What a node puts out at one of its outputs."""

    node: str
    port: str = MAIN


@dataclasses.dataclass(eq=False)
class Stack:
    """A Sequential: an input's name, and the layers; models in it stand as they are."""

    steps: list[Any]
    name: str = "input"
    tensor: Tensor | None = None


@dataclasses.dataclass(eq=False)
class Network:
    """A functional model, with the variables that its outputs were given by."""

    inputs: list[Tensor]
    outputs: list[Tensor]
    names: list[str]
    used: bool = False


@dataclasses.dataclass(frozen=True)
class Function:
    """A function of the script."""

    code: ast.FunctionDef


@dataclasses.dataclass(frozen=True)
class Unknown:
    """What could not be read; told of already."""


UNKNOWN = Unknown()
