"""Reads a script's expressions and calls by its syntax tree; nothing is ever executed."""

from __future__ import annotations

import ast
from typing import Any

from workbench.catalog.layers import KEPT
from workbench.catalog.layers import layers as catalogue
from workbench.codegen import literals
from workbench.codegen.applications import is_application
from workbench.codegen.arguments import CALLED_WITH, NAMESPACES
from workbench.codegen.kept import called_kept, described_layer
from workbench.codegen.making import made_layer, made_named
from workbench.codegen.operations import called_operation
from workbench.codegen.published import UNREAD, application_of, made_application
from workbench.codegen.sketch import Sketch
from workbench.codegen.values import UNKNOWN, CannotDraw, Function, Layer, Network, Ref, Stack, Tensor, Unknown
from workbench.graph.model import Node
from workbench.graph.ports import ANY, input_ports, states

Scope = dict[str, Any]

_OPERATORS = {ast.Add: "Add", ast.Sub: "Subtract", ast.Mult: "Multiply"}
_MERGES = {name.lower(): name for name in ("Add", "Average", "Concatenate", "Dot", "Maximum", "Minimum", "Multiply")}
_ENDS = ("input", "output", "inputs", "outputs")
_SILENT = ("summary", "compile", "fit", "evaluate", "save", "predict", "build", "export", "get_layer", "load_weights")


class Reader:
    """Expressions and calls; `script.Script` adds the statements."""

    def __init__(self) -> None:
        self.sketch = Sketch()
        self.problems: list[tuple[int, str]] = []
        self.networks: list[Network | Stack] = []
        self.starts: dict[Layer, Tensor] = {}
        """The input of each published model that is called with nothing."""
        self.applications: list[Layer] = []

    def tell(self, line: int, message: str) -> None:
        """Note what cannot be drawn."""
        if (line, message) not in self.problems:
            self.problems.append((line, message))

    def run_function(self, function: Function, given: list[Any], keywords: dict[str, Any], line: int) -> Any:
        """The value that a call of the script's own function gives."""
        raise NotImplementedError

    def value(self, node: ast.expr, scope: Scope) -> Any:
        """What an expression stands for.

        Raises:
            CannotDraw: It is nothing that can be drawn.
        """
        match node:
            case ast.Constant():
                return node.value
            case ast.Name():
                return self._name(node, scope)
            case ast.Tuple():
                return tuple(self.value(item, scope) for item in node.elts)
            case ast.List():
                return [self.value(item, scope) for item in node.elts]
            case ast.Dict() if all(node.keys):
                keys = [self.value(key, scope) for key in node.keys if key is not None]
                if not all(isinstance(key, str | int) for key in keys):
                    raise CannotDraw("a dictionary's keys must be words or numbers", node.lineno)
                return dict(zip(keys, (self.value(item, scope) for item in node.values), strict=True))
            case ast.Subscript():
                return self._item(node, scope)
            case ast.Attribute():
                return self._attribute(node, self.value(node.value, scope))
            case ast.Call():
                return self._call(node, scope)
            case ast.Lambda():
                return node
        return self._computed(node, scope)

    def _computed(self, node: ast.expr, scope: Scope) -> Any:
        match node:
            case ast.UnaryOp():
                return literals.unary(node, self.value(node.operand, scope))
            case ast.BinOp():
                return self._operated(node, self.value(node.left, scope), self.value(node.right, scope))
            case ast.Compare():
                values = [self.value(item, scope) for item in (node.left, *node.comparators)]
                return literals.compared(node, values)
            case ast.BoolOp():
                truths = [bool(self.value(item, scope)) for item in node.values]
                return all(truths) if isinstance(node.op, ast.And) else any(truths)
            case ast.IfExp():
                return self.value(node.body if self.value(node.test, scope) else node.orelse, scope)
            case ast.JoinedStr():
                return "".join(str(self.value(piece, scope)) for piece in node.values)
            case ast.FormattedValue() if node.format_spec is None:
                return self._formatted(node, self.value(node.value, scope))
        raise CannotDraw(f"{_short(node)} cannot be read without running it", node.lineno)

    def _name(self, node: ast.Name, scope: Scope) -> Any:
        if node.id in scope:
            return scope[node.id]
        if node.id in ("range", "list", "tuple", "len", "enumerate", "zip", "int", "str"):
            return Ref(f"builtins.{node.id}")
        raise CannotDraw(f"{node.id!r} is not known here", node.lineno)

    def _operated(self, node: ast.BinOp, left: Any, right: Any) -> Any:
        if isinstance(left, Tensor) and isinstance(right, Tensor) and type(node.op) in _OPERATORS:
            layer = Layer(_OPERATORS[type(node.op)], {}, None, node.lineno)
            return self.sketch.place(layer, [("input", left), ("input", right)])
        return literals.arithmetic(node, left, right)

    def _formatted(self, node: ast.FormattedValue, value: Any) -> str:
        if not isinstance(value, str | int | float):
            raise CannotDraw(f"{_short(node.value)} is no plain value", node.lineno)
        return str(value)

    def _item(self, node: ast.Subscript, scope: Scope) -> Any:
        whole, place = self.value(node.value, scope), self.value(node.slice, scope)
        try:
            if isinstance(whole, list | tuple | dict | str):
                return whole[place]
        except (LookupError, TypeError) as error:
            raise CannotDraw(f"{_short(node)} is not there", node.lineno) from error
        raise CannotDraw(f"{_short(node)} cannot be read without running it", node.lineno)

    def _attribute(self, node: ast.Attribute, base: Any) -> Any:
        if isinstance(base, Ref):
            return keras_ref(f"{base.path}.{node.attr}")
        if isinstance(base, Network) and node.attr in _ENDS:
            found = base.inputs if node.attr.startswith("in") else base.outputs
            return list(found) if node.attr.endswith("s") else found[0]
        if isinstance(base, Layer) and is_application(base.layer) and node.attr in _ENDS:
            return self.end(base, node.attr)
        if isinstance(base, Layer) and node.attr == "output" and base.nodes:
            return Tensor(base.nodes[-1])
        raise CannotDraw(f"{_short(node)} cannot be read without running it", node.lineno)

    def end(self, layer: Layer, word: str) -> Any:
        """The input or output of a published model that stands alone: the script builds on from there."""
        if layer not in self.starts:
            self.starts[layer] = self.sketch.input(None, layer.line)
            self.sketch.place(layer, [("input", self.starts[layer])])
        found = self.starts[layer] if word.startswith("in") else Tensor(layer.nodes[0])
        return [found] if word.endswith("s") else found

    def _call(self, node: ast.Call, scope: Scope) -> Any:
        if isinstance(node.func, ast.Attribute):
            answer = self._method(node, node.func, scope)
            if answer is not None:
                return answer
        function = self.value(node.func, scope)
        given: list[Any] = []
        for item in node.args:
            if isinstance(item, ast.Starred):
                many = self.value(item.value, scope)
                given += many if isinstance(many, list | tuple) else [UNKNOWN]
            else:
                given.append(self.value(item, scope))
        keywords: dict[str, Any] = {}
        unread = UNREAD if isinstance(function, Ref) and application_of(function.path) else ()
        for keyword in node.keywords:
            if keyword.arg in unread and keyword.arg != "input_tensor":
                continue
            value = self._setting(keyword.value, scope)
            keywords |= {keyword.arg: value} if keyword.arg else value if isinstance(value, dict) else {}
        if any(isinstance(value, Unknown) for value in given):
            raise CannotDraw(f"{_short(node)} takes what could not be read", node.lineno)
        if isinstance(function, Function):
            return self.run_function(function, given, keywords, node.lineno)
        if isinstance(function, Layer):
            return self._placed(function, given, keywords, node)
        if isinstance(function, Stack | Network):
            return self._through(function, given, keywords, node)
        if isinstance(function, Ref):
            return self._made(function.path, given, keywords, node)
        raise CannotDraw(f"{_short(node)} cannot be read without running it", node.lineno)

    def _setting(self, node: ast.expr, scope: Scope) -> Any:
        """A keyword's value; one that cannot be read costs only itself."""
        try:
            return self.value(node, scope)
        except CannotDraw as error:
            self.tell(error.line, f"{_sentence(str(error))} It was left out.")
            return UNKNOWN

    def _method(self, node: ast.Call, function: ast.Attribute, scope: Scope) -> Any:
        base = self.value(function.value, scope)
        if isinstance(base, Stack) and function.attr == "add" and len(node.args) == 1:
            self._stacked(base, self.value(node.args[0], scope), node.lineno)
            return UNKNOWN
        if isinstance(base, list) and function.attr == "append" and len(node.args) == 1:
            base.append(self.value(node.args[0], scope))
            return UNKNOWN
        if isinstance(base, Layer) and is_application(base.layer) and function.attr == "load_weights" and node.args:
            base.params |= {"weights": "file", "weights_file": self.value(node.args[0], scope)}
            return UNKNOWN
        if isinstance(base, Layer) and not is_application(base.layer):
            return None
        if isinstance(base, Stack | Network | Layer | Unknown) and function.attr in _SILENT:
            return UNKNOWN
        return None

    def _made(self, path: str, given: list[Any], keywords: dict[str, Any], node: ast.Call) -> Any:
        room, _, word = path.rpartition(".")
        line = node.lineno
        if path in ("keras.Input", "keras.layers.Input", "keras.layers.InputLayer"):
            name = keywords.get("name")
            return self.sketch.input(name if isinstance(name, str) else None, line)
        if word == "Sequential" and room in ("keras", "keras.models"):
            stack = Stack([])
            for step in given[0] if given and isinstance(given[0], list | tuple) else keywords.get("layers", []):
                self._stacked(stack, step, line)
            self.networks.append(stack)
            return stack
        if word == "Model" and room in ("keras", "keras.models"):
            return self._network(given, keywords, node)
        if room == "keras.layers" and word in _MERGES and given:
            return self._placed(Layer(_MERGES[word], {}, None, line), given[:1], {}, node)
        if path == "keras.saving.deserialize_keras_object" and given:
            return described_layer(given[0], line)
        if application_of(path):
            return self._application(word, given, keywords, line)
        if room == "keras.ops" and given and isinstance(given[0], Tensor):
            return self._operation(word, given, keywords, node)
        if room == "keras.layers":
            return made_layer(word, given, keywords, line, self.tell)
        if room in [f"keras.{module}" for module in NAMESPACES.values()]:
            return made_named(path, given, keywords, line)
        if room == "builtins":
            return _builtin(word, given, line)
        raise CannotDraw(f"{word!r} is nothing that can be drawn", line)

    def _application(self, word: str, given: list[Any], keywords: dict[str, Any], line: int) -> Layer:
        layer = made_application(word, given, keywords, line, self.tell)
        tensor = keywords.get("input_tensor")
        if isinstance(tensor, Tensor):
            self.starts[layer] = tensor
            self.sketch.place(layer, [("input", tensor)])
        self.applications.append(layer)
        return layer

    def _operation(self, word: str, given: list[Any], keywords: dict[str, Any], node: ast.Call) -> Tensor:
        """What an operation makes of a tensor: a merging layer, or a Lambda that names it."""
        merge = {name.lower(): name for name in _OPERATORS.values()}.get(word)
        if merge and len(given) == 2 and isinstance(given[1], Tensor):
            return self.sketch.place(Layer(merge, {}, None, node.lineno), [("input", tensor) for tensor in given])
        params = called_operation(word, given[1:], keywords)
        if params is None:
            raise CannotDraw(f"{_short(node)} is no operation that can be drawn", node.lineno)
        return self.sketch.place(Layer("Lambda", params, None, node.lineno), [("input", given[0])])

    def _stacked(self, stack: Stack, step: Any, line: int) -> None:
        if isinstance(step, Tensor) and not stack.steps:
            stack.tensor = step
        elif isinstance(step, Layer | Stack | Network):
            stack.steps.append(step)
        elif not isinstance(step, Unknown):
            raise CannotDraw("a Sequential holds layers only", line)

    def _network(self, given: list[Any], keywords: dict[str, Any], node: ast.Call) -> Network:
        ends = [*given, *([None] * 2)]
        inputs = keywords.get("inputs", ends[0])
        outputs = keywords.get("outputs", ends[1])
        found = [_tensors(inputs), _tensors(outputs)]
        if not all(found):
            raise CannotDraw("a Model needs its inputs and outputs", node.lineno)
        written = next((item.value for item in node.keywords if item.arg == "outputs"), None)
        written = written or (node.args[1] if len(node.args) > 1 else None)
        items = written.elts if isinstance(written, ast.List | ast.Tuple) else [written]
        network = Network(found[0], found[1], [item.id if isinstance(item, ast.Name) else "" for item in items])
        self.networks.append(network)
        return network

    def _placed(self, layer: Layer, given: list[Any], keywords: dict[str, Any], node: ast.Call) -> Any:
        if layer.layer == KEPT:
            return self.sketch.place(layer, [("input", tensor) for tensor in called_kept(layer, given, keywords)])
        ports = input_ports(Node(id="n", layer=layer.layer, name="n", params=layer.params))
        flat = _flat(given)
        feeds: list[tuple[str, Tensor]] = []
        for place, value in enumerate(flat):
            if not isinstance(value, Tensor):
                raise CannotDraw(f"{_short(node)} is called with something else than tensors", node.lineno)
            feeds.append((ports[place] if len(ports) > 1 and place < len(ports) else ANY, value))
        for key, value in keywords.items():
            if isinstance(value, Tensor) and key != "initial_state":
                feeds.append((key if key in ports else ANY, value))
            elif key == "initial_state" and all(isinstance(one, Tensor) for one in _flat([value])):
                feeds += zip(states(layer.layer, layer.params), _flat([value]), strict=False)
            elif key in CALLED_WITH and isinstance(value, bool):
                layer.params |= {key: True} if value else {}
            elif key != "training":
                self.tell(node.lineno, f"{layer.layer} is drawn without {key!r}, which is said where it is called.")
        if not feeds:
            raise CannotDraw(f"{_short(node)} needs an input", node.lineno)
        return self.sketch.outputs(self.sketch.place(layer, feeds))

    def _through(self, model: Stack | Network, given: list[Any], keywords: dict[str, Any], node: ast.Call) -> Any:
        tensors = _tensors(given[0] if given else keywords.get("inputs"))
        if isinstance(model, Stack) and len(tensors) == 1:
            return self.sketch.run(model, tensors[0])
        if isinstance(model, Network) and len(tensors) == len(model.inputs):
            outputs = self.sketch.through(model, tensors)
            return outputs[0] if len(outputs) == 1 else outputs
        raise CannotDraw(f"{_short(node)} gets another number of inputs than the model has", node.lineno)


def _flat(value: Any) -> list[Any]:
    """What is in lists and tuples, in its order."""
    if isinstance(value, list | tuple):
        return [inner for item in value for inner in _flat(item)]
    return [value]


def _builtin(word: str, given: list[Any], line: int) -> Any:
    """What Python's own functions of lists and numbers give."""
    first = given[0] if given else None
    if word == "range" and given and all(isinstance(value, int) and abs(value) < 1000 for value in given):
        return list(range(*given[:3]))
    if word == "zip" and given and all(isinstance(value, list | tuple) for value in given):
        return list(zip(*given, strict=False))
    if isinstance(first, list | tuple):
        if word == "len":
            return len(first)
        return [*enumerate(first)] if word == "enumerate" else list(first)
    if word in ("int", "str") and isinstance(first, int | float):
        return int(first) if word == "int" else str(first)
    raise CannotDraw(f"{word!r} cannot be read without running it", line)


def _tensors(value: Any) -> list[Tensor]:
    if isinstance(value, dict):
        value = list(value.values())
    found = value if isinstance(value, list | tuple) else [value]
    return list(found) if all(isinstance(item, Tensor) for item in found) else []


def keras_ref(path: str) -> Ref:
    """A name with the roads to Keras made one: `tf.keras` and `keras.src` are Keras too."""
    for road in ("tensorflow.keras", "tensorflow.python.keras", "tf_keras"):
        if path == road or path.startswith(road + "."):
            path = "keras" + path[len(road) :]
    room, _, word = path.rpartition(".")
    if room == "keras.layers" and word not in catalogue() and word.capitalize() in _MERGES.values():
        word = word.lower()
    return Ref(f"{room}.{word}" if room else word)


def _short(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return f"'{text if len(text) <= 60 else text[:59] + '…'}'"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
