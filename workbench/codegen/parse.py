"""A Keras script as a drawing: read by its syntax tree alone, never executed."""

from __future__ import annotations

import ast
from typing import Any

from workbench.catalog.layers import layer_spec
from workbench.codegen.applications import is_application
from workbench.codegen.published import folded, frozen
from workbench.codegen.reading import Reader, Scope, keras_ref
from workbench.codegen.values import UNKNOWN, CannotDraw, Function, Layer, LineProblem, Network, Ref, Stack, Tensor
from workbench.graph.model import Graph
from workbench.graph.ports import MAIN
from workbench.graph.problems import Problem

LONGEST_SCRIPT = 1_000_000
_MOST_STEPS = 50_000
_DEEPEST = 20


class _Return(Exception):
    def __init__(self, value: Any) -> None:
        super().__init__()
        self.value = value


def parse_script(text: str) -> tuple[Graph, tuple[Problem, ...]]:
    """The drawing that a script describes.

    Args:
        text: Python that builds a Keras model: Sequential or functional, with functions and loops over literals.

    Returns:
        The drawing (without a node where nothing could be read) and what could not be drawn, with the lines.
    """
    if len(text) > LONGEST_SCRIPT:
        return Graph(), (_problem(1, "The script is too long to be read."),)
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        return Graph(), (_problem(error.lineno or 1, f"This is no Python: {error.msg}."),)
    except (ValueError, RecursionError, MemoryError):
        return Graph(), (_problem(1, "This is no Python that can be read."),)
    script = _Script()
    try:
        graph = script.drawn(tree)
    except RecursionError:
        graph = Graph()
        script.tell(1, "The script is nested too deeply.")
    return graph, tuple(_problem(line, message) for line, message in sorted(script.problems))


def _problem(line: int, message: str) -> Problem:
    return LineProblem(
        f"Line {line}: {message}", severity="warning" if "drawn without" in message else "error", line=line
    )


class _Script(Reader):
    """Statements, one after the other."""

    def __init__(self) -> None:
        super().__init__()
        self._globals: Scope = {"__name__": "__main__"}
        self._steps = 0
        self._depth = 0
        self._called: set[str] = set()

    def drawn(self, tree: ast.Module) -> Graph:
        """The drawing of the last model that the script makes."""
        self._run(tree.body, self._globals)
        if not self.networks:
            # A script may only define how its model is made.
            makers = [value for value in self._globals.values() if isinstance(value, Function)]
            for maker in makers:
                if maker.code.name not in self._called and _needs_nothing(maker.code):
                    self._guarded(lambda maker=maker: self.run_function(maker, [], {}, maker.code.lineno), maker.code)
        if not self.networks and self.applications:
            # A published model alone is the whole network.
            layer = self.applications[-1]
            self.networks.append(Network([self.end(layer, "input")], [self.end(layer, "output")], []))
        if not self.networks:
            self.tell(1, "No model was found: there must be a keras.Sequential or a keras.Model.")
            return Graph()
        network = self.networks[-1]
        if isinstance(network, Stack):
            start = network.tensor or self.sketch.input(None, 1)
            network = Network([start], [self.sketch.run(network, start)], [])
        columns = self._globals.get("COLUMNS")
        return folded(self.sketch.graph(network, columns if isinstance(columns, dict) else {}))

    def _run(self, body: list[ast.stmt], scope: Scope) -> None:
        for statement in body:
            self._steps += 1
            if self._steps > _MOST_STEPS:
                self.tell(statement.lineno, "The script does too much to be read.")
                return
            self._guarded(lambda statement=statement: self._statement(statement, scope), statement, scope)

    def _guarded(self, work: Any, statement: ast.stmt, scope: Scope | None = None) -> None:
        try:
            work()
        except CannotDraw as error:
            self.tell(error.line, _told(str(error)))
            if scope is not None and isinstance(statement, ast.Assign):
                scope.update(
                    {name.id: UNKNOWN for name in ast.walk(statement.targets[0]) if isinstance(name, ast.Name)}
                )

    def _statement(self, statement: ast.stmt, scope: Scope) -> None:
        match statement:
            case ast.Import() | ast.ImportFrom():
                _import(statement, scope)
            case ast.Assign():
                value = self.value(statement.value, scope)
                for target in statement.targets:
                    self._assign(target, value, scope)
            case ast.AnnAssign() if statement.value is not None:
                self._assign(statement.target, self.value(statement.value, scope), scope)
            case ast.AugAssign() if isinstance(statement.target, ast.Name):
                name = ast.copy_location(ast.Name(statement.target.id, ast.Load()), statement)
                combined = ast.copy_location(ast.BinOp(name, statement.op, statement.value), statement)
                self._assign(statement.target, self.value(combined, scope), scope)
            case ast.FunctionDef():
                scope[statement.name] = Function(statement)
            case ast.Return():
                raise _Return(None if statement.value is None else self.value(statement.value, scope))
            case ast.For():
                self._loop(statement, scope)
            case ast.If():
                self._choice(statement, scope)
            case ast.Expr():
                self._expression(statement.value, scope)
            case ast.Pass() | ast.AnnAssign():
                return
            case _:
                word = type(statement).__name__.lower()
                raise CannotDraw(f"a {word} cannot be read without running it", statement.lineno)

    def _expression(self, node: ast.expr, scope: Scope) -> None:
        """A line of its own: it may add to a Sequential; what prints or trains changes no drawing."""
        if isinstance(node, ast.Constant) or (isinstance(node, ast.Call) and _name_of(node.func) == "print"):
            return
        self.value(node, scope)

    def _assign(self, target: ast.expr, value: Any, scope: Scope) -> None:
        if isinstance(target, ast.Starred):
            target = target.value
        if isinstance(target, ast.Name):
            scope[target.id] = value
            if isinstance(value, Tensor) and target.id != "_":
                # A layer's states are called as the layer is, with what they are behind its name.
                end = "" if value.port == MAIN else f"_{value.port.replace(' ', '_')}"
                self.sketch.variables.setdefault(value.node, target.id.removesuffix(end))
        elif isinstance(target, ast.Tuple | ast.List) and isinstance(value, list | tuple):
            for part, item in zip(target.elts, _shared_out(target, value), strict=True):
                self._assign(part, item, scope)
        elif isinstance(target, ast.Attribute) and target.attr == "trainable" and isinstance(value, bool):
            self._freeze(target, value, scope)
        elif isinstance(target, ast.Attribute) and target.attr == "name" and isinstance(value, str):
            self._rename(target, value, scope)
        else:
            raise CannotDraw(f"'{ast.unparse(target)}' cannot be set without running it", target.lineno)

    def _freeze(self, target: ast.Attribute, learns: bool, scope: Scope) -> None:
        layer = self.value(target.value, scope)
        spec = layer_spec(layer.layer) if isinstance(layer, Layer) else None
        if spec is None or spec.param("trainable") is None:
            raise CannotDraw(f"'{ast.unparse(target)}' cannot be set without running it", target.lineno)
        layer.params.pop("trainable", None)
        layer.params |= {} if learns else {"trainable": False}

    def _rename(self, target: ast.Attribute, name: str, scope: Scope) -> None:
        layer = self.value(target.value, scope)
        if not isinstance(layer, Layer) or not is_application(layer.layer):
            raise CannotDraw(f"'{ast.unparse(target)}' cannot be set without running it", target.lineno)
        layer.name = name

    def _freezes(self, statement: ast.For, scope: Scope) -> bool:
        """Whether a loop goes over the layers of a published model; then it may freeze them."""
        whole = isinstance(statement.iter, ast.Attribute)
        over = statement.iter.value if isinstance(statement.iter, ast.Subscript) else statement.iter
        if not isinstance(over, ast.Attribute) or over.attr != "layers":
            return False
        layer = self.value(over.value, scope)
        if not isinstance(layer, Layer) or not is_application(layer.layer):
            return False
        if not frozen(layer, statement, whole):
            self.tell(statement.lineno, f"{layer.layer} is drawn without what this loop sets in its layers.")
        return True

    def _loop(self, statement: ast.For, scope: Scope) -> None:
        if self._freezes(statement, scope):
            return
        values = self.value(statement.iter, scope)
        if not isinstance(values, list | tuple | dict | str):
            raise CannotDraw("a loop must run over a list of plain values", statement.lineno)
        for value in values:
            if self._steps > _MOST_STEPS:
                return
            self._assign(statement.target, value, scope)
            self._run(statement.body, scope)
        self._run(statement.orelse, scope)

    def _choice(self, statement: ast.If, scope: Scope) -> None:
        if scope is self._globals and "__name__" in ast.unparse(statement.test):
            return
        truth = self.value(statement.test, scope)
        if isinstance(truth, Tensor | Ref):
            raise CannotDraw(f"'{ast.unparse(statement.test)}' cannot be known without running it", statement.lineno)
        self._run(statement.body if truth and truth is not UNKNOWN else statement.orelse, scope)

    def run_function(self, function: Function, given: list[Any], keywords: dict[str, Any], line: int) -> Any:
        """Read a function's body with the values of a call; its layers become a group."""
        code = function.code
        self._called.add(code.name)
        if self._depth >= _DEEPEST:
            raise CannotDraw(f"{code.name} calls itself too often", line)
        scope = {**self._globals, **self._arguments(code, given, keywords, line)}
        before = len(self.sketch.layers)
        self._depth += 1
        try:
            self._run(code.body, scope)
            answer = None
        except _Return as result:
            answer = result.value
        finally:
            self._depth -= 1
        made = list(self.sketch.layers)[before:]
        takes_tensors = any(isinstance(value, Tensor | list | tuple) for value in (*given, *keywords.values()))
        if self._depth == 0 and takes_tensors and len(made) > 1 and not isinstance(answer, Network | Stack):
            label = keywords.get("name")
            self.sketch.groups.append((label if isinstance(label, str) else code.name, made))
        return answer

    def _arguments(self, code: ast.FunctionDef, given: list[Any], keywords: dict[str, Any], line: int) -> Scope:
        asked = code.args
        names = [argument.arg for argument in (*asked.posonlyargs, *asked.args)]
        if asked.vararg or asked.kwarg or len(given) > len(names):
            raise CannotDraw(f"the call of {code.name} does not fit its arguments", line)
        values = dict(
            zip(reversed(names), (self.value(item, self._globals) for item in reversed(asked.defaults)), strict=False)
        )
        for argument, default in zip(asked.kwonlyargs, asked.kw_defaults, strict=True):
            names.append(argument.arg)
            if default is not None:
                values[argument.arg] = self.value(default, self._globals)
        values |= dict(zip(names, given, strict=False)) | {key: keywords[key] for key in keywords if key in names}
        if set(values) != set(names) or not set(keywords) <= set(names):
            raise CannotDraw(f"the call of {code.name} does not fit its arguments", line)
        return values


def _shared_out(target: ast.Tuple | ast.List, value: list[Any] | tuple[Any, ...]) -> list[Any]:
    """A value for each name; one with a star takes all that the others leave, one in brackets as many as are in it.

    Raises:
        CannotDraw: There are not as many values as names.
    """
    names, found, left = target.elts, list[Any](), list(value)
    for place, name in enumerate(names):
        if isinstance(name, ast.Starred):
            taken = max(len(left) - (len(names) - place - 1), 0)
        else:
            taken = len(name.elts) if isinstance(name, ast.Tuple | ast.List) and _unnested(left) else 0
        found.append(left[:taken] if taken or isinstance(name, ast.Starred) else left[0] if left else None)
        width = taken if taken or isinstance(name, ast.Starred) else 1
        if width > len(left):
            raise CannotDraw("there are not as many values as names", target.lineno)
        left = left[width:]
    if left:
        raise CannotDraw("there are not as many values as names", target.lineno)
    return found


def _unnested(values: list[Any]) -> bool:
    """Whether these are a layer's outputs in a row, which Keras gives in lists where a cell has several states."""
    return bool(values) and all(isinstance(value, Tensor) for value in values)


def _import(statement: ast.Import | ast.ImportFrom, scope: Scope) -> None:
    for alias in statement.names:
        if isinstance(statement, ast.ImportFrom):
            scope[alias.asname or alias.name] = keras_ref(f"{statement.module}.{alias.name}")
        else:
            path = alias.name if alias.asname else alias.name.partition(".")[0]
            scope[alias.asname or path] = keras_ref(path)


def _needs_nothing(code: ast.FunctionDef) -> bool:
    return len(code.args.args) <= len(code.args.defaults) and all(code.args.kw_defaults)


def _name_of(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _told(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "…")) else ".")
