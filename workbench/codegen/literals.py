"""Arithmetic, comparisons and f-strings over literals, with bounds: a script must not be able to fill the memory."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

from workbench.codegen.values import CannotDraw

LARGEST = 10**15
LONGEST = 10_000

_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
}


def is_literal(value: Any) -> bool:
    """Whether a value is plain data all through."""
    if isinstance(value, list | tuple):
        return all(is_literal(item) for item in value)
    if isinstance(value, dict):
        return all(is_literal(item) for pair in value.items() for item in pair)
    return value is None or isinstance(value, bool | int | float | str)


def arithmetic(node: ast.BinOp, left: Any, right: Any) -> Any:
    """The value of two literals and what stands between them.

    Raises:
        CannotDraw: It is too large, or makes no sense.
    """
    function = _ARITHMETIC.get(type(node.op))
    numbers = all(isinstance(value, bool | int | float) for value in (left, right))
    texts = all(isinstance(value, str | list | tuple) for value in (left, right)) and isinstance(node.op, ast.Add)
    if function is None or not (numbers or texts):
        raise CannotDraw(f"'{ast.unparse(node)}' is no plain arithmetic", node.lineno)
    if isinstance(node.op, ast.Pow) and (abs(left) > 1024 or abs(right) > 64):
        raise CannotDraw(f"'{ast.unparse(node)}' is too large", node.lineno)
    try:
        value = function(left, right)
    except (ArithmeticError, TypeError, ValueError) as error:
        raise CannotDraw(f"'{ast.unparse(node)}' has no value ({error})", node.lineno) from error
    if (numbers and not isinstance(value, complex) and abs(value) > LARGEST) or (texts and len(value) > LONGEST):
        raise CannotDraw(f"'{ast.unparse(node)}' is too large", node.lineno)
    return value


def unary(node: ast.UnaryOp, value: Any) -> Any:
    """-1, +1, not True."""
    if isinstance(node.op, ast.Not):
        return not value
    if isinstance(value, int | float) and isinstance(node.op, ast.USub | ast.UAdd):
        return -value if isinstance(node.op, ast.USub) else value
    raise CannotDraw(f"'{ast.unparse(node)}' is no plain arithmetic", node.lineno)


def compared(node: ast.Compare, values: list[Any]) -> bool:
    """A chain of comparisons."""
    try:
        return all(
            _COMPARISONS[type(operation)](left, right)
            for operation, left, right in zip(node.ops, values, values[1:], strict=False)
        )
    except TypeError as error:
        raise CannotDraw(f"'{ast.unparse(node)}' cannot be compared", node.lineno) from error
