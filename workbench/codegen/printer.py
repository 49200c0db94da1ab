"""Expressions as text, broken over lines as `ruff format` breaks them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

WIDTH = 88
_INDENT = 4


@dataclass(frozen=True)
class Call:
    """A call; `function` may be a call itself (`layers.Dense(10)(x)`). `broken` puts each argument on its own line."""

    function: Expr
    arguments: tuple[Argument, ...]
    broken: bool = False


@dataclass(frozen=True)
class Several:
    """A list, tuple or dict: what opens it, its items, what closes it. `broken` puts each item on its own line."""

    opening: str
    items: tuple[Argument, ...]
    closing: str
    broken: bool = False


@dataclass(frozen=True)
class Argument:
    """An expression with what stands before it: `name=` for a keyword, `"key": ` in a dict."""

    prefix: str
    value: Expr


Expr = str | Call | Several


def call(function: Expr, *positional: Expr, **keywords: Expr) -> Call:
    """A call of a function by its arguments."""
    plain = tuple(Argument("", value) for value in positional)
    return Call(function, plain + tuple(Argument(f"{name}=", value) for name, value in keywords.items()))


def listed(items: list[Expr]) -> Several:
    """A list."""
    return Several("[", tuple(Argument("", item) for item in items), "]")


def literal(value: Any) -> Expr:
    """A JSON value, or a tuple of such, as a Python literal."""
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, list):
        return listed([literal(item) for item in value])
    if isinstance(value, tuple):
        return Several("(", tuple(Argument("", literal(item)) for item in value), ",)" if len(value) == 1 else ")")
    if isinstance(value, dict):
        items = (Argument(f"{flat(literal(key))}: ", literal(item)) for key, item in value.items())
        return Several("{", tuple(items), "}")
    return repr(value)


def _quoted(text: str) -> str:
    if '"' in text and "'" not in text:
        return repr(text)
    return json.dumps(text, ensure_ascii=not text.isprintable())


def flat(expr: Expr) -> str:
    """The expression on one line."""
    if isinstance(expr, str):
        return expr
    if isinstance(expr, Call):
        return f"{flat(expr.function)}({_row(expr.arguments)})"
    return f"{expr.opening}{_row(expr.items)}{expr.closing}"


def _row(arguments: tuple[Argument, ...]) -> str:
    return ", ".join(argument.prefix + flat(argument.value) for argument in arguments)


def statement(prefix: str, expr: Expr, indent: int = 0, width: int = WIDTH) -> str:
    """A line such as `x = ...`, or as many as it takes.

    Args:
        prefix: What stands before the expression, its blank included ("x = ", "return ", "").
        expr: The expression.
        indent: How many columns the statement stands to the right.
        width: The longest line.
    """
    return " " * indent + prefix + _text(expr, indent, indent + len(prefix), 0, width)


def _text(expr: Expr, indent: int, column: int, tail: int, width: int) -> str:
    """The expression from `column` on, in a line that begins at `indent` and in which `tail` more columns follow."""
    line = flat(expr)
    if isinstance(expr, str) or (not expr.broken and column + len(line) + tail <= width):
        return line
    if isinstance(expr, Several):
        # A tuple of one keeps its comma where it is broken, too.
        return expr.opening + _block(expr.items, indent, width, comma=True, packed=False) + expr.closing.lstrip(",")
    # Each call of a chain breaks only where what comes before the next bracket does not fit.
    function = _text(expr.function, indent, column, 1, width)
    last = function.rsplit("\n", 1)[-1]
    column = len(last) + (column if "\n" not in function else 0)
    row = _row(expr.arguments)
    if not expr.arguments or (not expr.broken and column + len(row) + 2 + tail <= width):
        return f"{function}({row})"
    alone = len(expr.arguments) == 1 and isinstance(expr.arguments[0].value, Several)
    return f"{function}({_block(expr.arguments, indent, width, comma=not alone, packed=not expr.broken)})"


def _block(items: tuple[Argument, ...], indent: int, width: int, *, comma: bool, packed: bool) -> str:
    inner = indent + _INDENT
    row = _row(items)
    if packed and inner + len(row) <= width:
        lines = [row]
    else:
        lines = [
            item.prefix + _text(item.value, inner, inner + len(item.prefix), int(comma), width) + ("," if comma else "")
            for item in items
        ]
    return "".join(f"\n{' ' * inner}{line}" for line in lines) + "\n" + " " * indent
