"""A Lambda's named operation as a Python lambda over `keras.ops`, and such a lambda as the operation again."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

from workbench.catalog.operations import OPERATIONS, PARAMS, call_of
from workbench.codegen.printer import flat, literal
from workbench.core.errors import UsageError


def operation_code(params: Mapping[str, Any]) -> str:
    """`lambda tensor: keras.ops.mean(tensor, axis=1)`."""
    name, keywords = call_of(params)
    more = "".join(f", {key}={flat(literal(value))}" for key, value in keywords.items())
    return f"lambda tensor: keras.ops.{name}(tensor{more})"


def called_operation(word: str, given: list[Any], keywords: Mapping[str, Any]) -> dict[str, Any] | None:
    """The settings of the Lambda that does what `keras.ops.word(tensor, ...)` does; None where none does.

    Args:
        word: The function's name.
        given: What follows the tensor, by position.
        keywords: What is given by name.
    """
    operation = OPERATIONS.get(word)
    if operation is None or len(given) > len(operation.takes):
        return None
    named = dict(zip((keyword for _, keyword in operation.takes), given, strict=False)) | dict(keywords)
    # What Keras does where one of them is not said is not what the Lambda does.
    if set(named) != {keyword for _, keyword in operation.takes}:
        return None
    found: dict[str, Any] = {"function": word}
    for setting, keyword in operation.takes:
        param = next(param for param in PARAMS if param.name == setting)
        try:
            value = param.check(named[keyword])
        except UsageError:
            return None
        if value != param.default:
            found[setting] = value
    return found


def operation_params(code: ast.Lambda) -> dict[str, Any] | None:
    """The settings of the Lambda that does what a Python lambda does; None where no named operation does."""
    body, names = code.body, [argument.arg for argument in code.args.args]
    if not isinstance(body, ast.Call) or len(names) != 1 or not body.args or not isinstance(body.func, ast.Attribute):
        return None
    first, road = body.args[0], ast.unparse(body.func.value)
    operation = OPERATIONS.get(body.func.attr)
    if operation is None or road not in ("keras.ops", "ops", "tf.keras.ops") or not isinstance(first, ast.Name):
        return None
    if first.id != names[0]:
        return None
    settings = {keyword: setting for setting, keyword in operation.takes}
    given = dict(zip(settings, body.args[1:], strict=False)) | {
        word.arg: word.value for word in body.keywords if word.arg
    }
    if len(body.args) - 1 > len(settings) or not set(given) <= set(settings):
        return None
    found: dict[str, Any] = {"function": operation.name}
    defaults = {param.name: param.default for param in PARAMS}
    for keyword, value in given.items():
        try:
            plain = ast.literal_eval(value)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            return None
        if plain != defaults[settings[keyword]]:
            found[settings[keyword]] = plain
    return found
