"""From a model's description to a drawing, without Keras: Sequential and Functional, nested, shared, branching."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from typing import Any

from workbench.catalog.layers import KEPT, layer_spec
from workbench.graph.model import INPUT, OUTPUT
from workbench.importing.allowed import FUNCTIONAL, MODELS
from workbench.importing.calls import Call, Tensor, calls_of, ends
from workbench.importing.drawing import Drawing, Path, Place
from workbench.importing.kept import kept_params
from workbench.importing.limits import MOST_NODES, MOST_OUTPUTS, damaged, refused, undrawable
from workbench.importing.operations import MERGES, steps
from workbench.importing.settings import Unfit, our_layer, our_settings
from workbench.importing.sizes import input_shape

_FLOAT_POLICIES = ("float32", "", None)


class Reader:
    """Draws one model.

    Args:
        name: What the file is called, for errors.
        config: Its description, once it was looked at.
    """

    def __init__(self, name: str, config: dict[str, Any]) -> None:
        self._name = name
        self._config = config
        self._count = 0
        self._policies: set[str] = set()
        self._used: dict[Path, int] = {}
        """How many outputs of a layer are used, where it is more than the first."""
        self.drawing = Drawing()
        self.entries: list[dict[str, Any]] = []
        """The description of each input, in the order of the Input nodes."""

    def read(self) -> Drawing:
        """Draw the model.

        Raises:
            FileError: The description is none that Keras writes, or larger than a model.
        """
        try:
            outputs = self._model(self._config, None, (), None)
        except Unfit as unfit:
            outputs = self._whole(str(unfit))
        for number, place in enumerate(outputs):
            self.drawing.place(OUTPUT, "output" if not number else f"output_{number}", {}, [place])
        if self._policies:
            policies = ", ".join(sorted(self._policies))
            self.drawing.notes.append(f"It computes in {policies}; here it computes in float32.")
        return self.drawing

    def _layers(self, config: dict[str, Any]) -> list[dict[str, Any]]:
        inner = config.get("config")
        listed = inner if isinstance(inner, list) else inner.get("layers") if isinstance(inner, dict) else None
        if not isinstance(listed, list) or not all(
            isinstance(layer, dict)
            and isinstance(layer.get("class_name"), str)
            and isinstance(layer.get("config"), dict | list)
            for layer in listed
        ):
            raise damaged(self._name, "a model whose layers are no list")
        self._count += len(listed)
        if self._count > MOST_NODES:
            raise refused(self._name, f"more than {MOST_NODES:,} layers")
        return listed

    def _model(
        self, config: dict[str, Any], inputs: Sequence[Place] | None, path: Path, group: str | None
    ) -> list[Place]:
        way = self._sequential if config["class_name"] == "Sequential" else self._functional
        return way(config, inputs, path, group)

    def _sequential(
        self, config: dict[str, Any], inputs: Sequence[Place] | None, path: Path, group: str | None
    ) -> list[Place]:
        layers = self._layers(config)
        if inputs is not None and len(inputs) != 1:
            raise Unfit("a Sequential takes one input")
        here = inputs[0] if inputs is not None else None
        for layer in layers:
            if layer["class_name"] == "InputLayer":
                here = here or self._entry(layer)
                continue
            if here is None:
                here = self._entry(self._first(config, layer))
            call = Call((Tensor("", 0, 0, self._known_shape(layer), "float32"),), {})
            here = self._placed(layer, call, [here], path, group)[0]
        if here is None:
            raise damaged(self._name, "a Sequential without layers")
        return [here]

    def _known_shape(self, layer: dict[str, Any]) -> tuple[int | None, ...] | None:
        shape = input_shape(layer)
        return tuple(shape) if shape is not None else None

    def _first(self, config: dict[str, Any], layer: dict[str, Any]) -> dict[str, Any]:
        """An input for a Sequential that begins with a layer."""
        inner = config["config"] if isinstance(config["config"], dict) else {}
        own = layer["config"] if isinstance(layer["config"], dict) else {}
        holders = (
            own.get("batch_shape"),
            own.get("batch_input_shape"),
            inner.get("build_input_shape"),
            input_shape(layer),
        )
        shape = next((one for one in holders if isinstance(one, list)), None)
        whole = layer["class_name"] in ("Embedding", "ReversibleEmbedding")
        return {
            "class_name": "InputLayer",
            "config": {"name": "input", "batch_shape": shape, "dtype": "int32" if whole else "float32"},
        }

    def _entry(self, layer: dict[str, Any]) -> Place:
        config = layer["config"]
        self.entries.append(config)
        name = config.get("name") or layer.get("name")
        return self.drawing.place(INPUT, str(name or "input"), {}, [])

    def _functional(
        self, config: dict[str, Any], inputs: Sequence[Place] | None, path: Path, group: str | None
    ) -> list[Place]:
        layers = {self._layer_name(layer): layer for layer in self._layers(config)}
        if len(layers) < len(config["config"]["layers"]):
            raise damaged(self._name, "two layers of one name")
        starts = [tensor.layer for _, tensor in ends(self._name, config["config"].get("input_layers", []))]
        done: dict[tuple[str, int], list[Place]] = {}
        if inputs is None:
            for start in starts:
                if start not in layers or layers[start]["class_name"] != "InputLayer":
                    raise damaged(self._name, f"an input {start[:60]!r} that is none")
                done[start, 0] = [self._entry(layers[start])]
        elif len(inputs) != len(starts):
            raise Unfit(f"it takes {len(starts)} inputs and gets {len(inputs)}")
        else:
            done = {(start, 0): [place] for start, place in zip(starts, inputs, strict=True)}
        calls = {name: calls_of(self._name, layer) for name, layer in layers.items() if (name, 0) not in done}
        outputs = ends(self._name, config["config"].get("output_layers", []))
        self._note_used(path, [tensor for made in calls.values() for call in made for tensor in call.tensors])
        self._note_used(path, [tensor for _, tensor in outputs])
        shifts = _shifts(layers, calls)
        for name, number in self._order(calls, done, shifts):
            call = calls[name][number]
            feeds = [self._feed(done, tensor, shifts) for tensor in call.tensors]
            done[name, number] = self._placed(layers[name], call, feeds, path, group)
        # Among the outputs, the calls of a nested model count from 1.
        later = {name: 1 for name, layer in layers.items() if layer["class_name"] in FUNCTIONAL and name in calls}
        return [self._feed(done, tensor, later) for _, tensor in outputs]

    def _note_used(self, path: Path, tensors: Sequence[Tensor]) -> None:
        """Count how many outputs of each layer are used."""
        for tensor in tensors:
            if tensor.output:
                own = (*path, tensor.layer)
                self._used[own] = max(self._used.get(own, 1), min(tensor.output + 1, MOST_OUTPUTS))

    def _layer_name(self, layer: dict[str, Any]) -> str:
        name = layer.get("name") or (layer["config"].get("name") if isinstance(layer["config"], dict) else None)
        if not isinstance(name, str):
            raise damaged(self._name, "a layer without a name")
        return name

    def _feed(self, done: dict[tuple[str, int], list[Place]], tensor: Tensor, shifts: dict[str, int]) -> Place:
        places = done.get((tensor.layer, tensor.call - shifts.get(tensor.layer, 0)))
        if places is None:
            raise damaged(self._name, f"a link from {tensor.layer[:60]!r}, which is not there")
        if tensor.output >= len(places):
            raise Unfit(f"{tensor.layer} puts out several tensors, and more than the first is used")
        return places[tensor.output]

    def _order(
        self,
        calls: dict[str, list[Call]],
        done: dict[tuple[str, int], list[Place]],
        shifts: dict[str, int],
    ) -> list[tuple[str, int]]:
        """Every call after those that feed it."""
        waiting: dict[tuple[str, int], int] = {}
        feeding: dict[tuple[str, int], list[tuple[str, int]]] = defaultdict(list)
        for name, made in calls.items():
            for number, call in enumerate(made):
                sources = {(tensor.layer, tensor.call - shifts.get(tensor.layer, 0)) for tensor in call.tensors}
                waiting[name, number] = len(sources - done.keys())
                for source in sources - done.keys():
                    feeding[source].append((name, number))
        ready = deque(key for key, count in waiting.items() if not count)
        order = []
        while ready:
            current = ready.popleft()
            order.append(current)
            for follower in feeding[current]:
                waiting[follower] -= 1
                if not waiting[follower]:
                    ready.append(follower)
        if len(order) < len(waiting):
            stuck = next(name for (name, _), count in waiting.items() if count)
            raise damaged(self._name, f"the layer {stuck[:60]!r} waits for one that is not there, or for itself")
        return order

    def _placed(
        self, layer: dict[str, Any], call: Call, feeds: list[Place], path: Path, group: str | None
    ) -> list[Place]:
        self._count += 1
        if self._count > 4 * MOST_NODES:
            raise refused(self._name, f"more than {4 * MOST_NODES:,} layers")
        if not feeds:
            raise damaged(self._name, f"the layer {self._layer_name(layer)[:60]!r} is fed nothing")
        own = (*path, self._layer_name(layer))
        if layer["class_name"] in MODELS:
            return self._nested(layer, call, feeds, own, group)
        owner = self.drawing.owners.get(own)
        module = _module(layer, call)
        self._note_policy(layer)
        operation = module.startswith(("keras.src.ops.", "keras.src.applications."))
        found = steps(layer["class_name"], module, layer["config"], call) if operation else ()
        if found:
            return [self._stepped(found, call, feeds, own, group, owner)]
        try:
            if operation:
                raise Unfit(f"no layer here does what keras's {layer['class_name']} does to these inputs")
            params = our_settings(layer["class_name"], layer["config"]) | _asked_at_call(layer, call)
            _drop_usual_axes(params, call)
        except Unfit as unfit:
            return self._keep(layer, call, feeds, own, group, str(unfit))
        place = self.drawing.place(our_layer(layer["class_name"]), own[-1], params, feeds, group=group, shares=owner)
        self._own(own, place, owner)
        return self.drawing.places(place)

    def _own(self, own: Path, place: Place, owner: str | None) -> None:
        if owner is None:
            self.drawing.owners[own] = place[0]
            self.drawing.sources[place[0]] = own

    def _stepped(
        self, found: Sequence[Any], call: Call, feeds: list[Place], own: Path, group: str | None, owner: str | None
    ) -> Place:
        places: list[Place] = []
        fed = dict(zip(map(id, call.tensors), feeds, strict=True))
        for number, step in enumerate(found):
            inputs = [places[one] if isinstance(one, int) else fed[id(one)] for one in step.takes]
            last = number == len(found) - 1
            name = own[-1] if last else f"{own[-1]}_{step.layer.lower()}"
            shares = owner if step.weights else None
            places.append(self.drawing.place(step.layer, name, step.params, inputs, group=group, shares=shares))
            if step.weights:
                self._own(own, places[-1], owner)
        return places[-1]

    def _keep(
        self, layer: dict[str, Any], call: Call, feeds: list[Place], own: Path, group: str | None, why: str
    ) -> list[Place]:
        owner = self.drawing.owners.get(own)
        params = kept_params(layer, call, why, self._used.get(own, 1))
        place = self.drawing.place(KEPT, own[-1], params, feeds, group=group, shares=owner)
        if not str(layer.get("module") or "").startswith("keras.src.ops."):
            self._own(own, place, owner)
        self.drawing.kept.append(f"{own[-1]} ({layer['class_name']}): {why}.")
        return self.drawing.places(place)

    def _nested(
        self, layer: dict[str, Any], call: Call, feeds: list[Place], own: Path, group: str | None
    ) -> list[Place]:
        before = self.drawing.copy() if len(self.drawing.nodes) < MOST_NODES else self.drawing
        inside = group if group is not None else self.drawing.new_group(own[-1])
        try:
            # Another number of tensors than are named, such as a mask, is no plain call.
            if call.named:
                raise Unfit(f"it is called with {', '.join(sorted(call.named))}")
            return self._model(layer, _by_name(layer, call, feeds), own, inside)
        except Unfit as unfit:
            self.drawing.restore(before)
            return self._keep(layer, call, feeds, own, group, str(unfit))

    def _whole(self, why: str) -> list[Place]:
        """The whole model as one block, where its inside cannot be drawn."""
        self.drawing, self.entries, self._count = Drawing(), [], 0
        config = self._config
        if config["class_name"] == "Sequential":
            raise undrawable(self._name, why)
        outputs = len(ends(self._name, config["config"].get("output_layers", [])))
        layers = {self._layer_name(layer): layer for layer in self._layers(config)}
        starts = [tensor.layer for _, tensor in ends(self._name, config["config"].get("input_layers", []))]
        feeds = [self._entry(layers[start]) for start in starts]
        tensors = [Tensor(start, 0, 0) for start in starts]
        call = Call((tensors if len(tensors) > 1 else tensors[0],), {})
        name = str(config["config"].get("name") or "model")
        self.drawing.kept.append(f"{name} ({config['class_name']}): {why}.")
        place = self.drawing.place(KEPT, name, kept_params(config, call, why, outputs), feeds)
        self._own((), place, None)
        return self.drawing.places(place)

    def _note_policy(self, layer: dict[str, Any]) -> None:
        config = layer["config"]
        policy = config.get("dtype") if isinstance(config, dict) else None
        if isinstance(policy, dict):
            inner = policy.get("config")
            policy = inner.get("name") if isinstance(inner, dict) else None
        if policy not in _FLOAT_POLICIES and "float" in str(policy):
            self._policies.add(str(policy))


def _module(layer: dict[str, Any], call: Call) -> str:
    """Where Keras keeps a class; older files do not say, and an operation goes by the name of a layer there."""
    module = str(layer.get("module") or "")
    if not module and len(call.args) == 2 and layer["class_name"] in MERGES:
        return "keras.src.ops.numpy"
    return module


def _asked_at_call(layer: dict[str, Any], call: Call) -> dict[str, Any]:
    """What the call itself sets, such as a causal mask."""
    spec = layer_spec(our_layer(layer["class_name"]))
    params: dict[str, Any] = {}
    for key, value in call.named.items():
        if isinstance(value, Tensor) and spec is not None and key in spec.ports:
            continue
        if key == "initial_state" and _all_tensors(value):
            continue
        param = spec.param(key) if spec is not None else None
        if param is None:
            if value is False:
                continue
            raise Unfit(f"it is called with {key}, which cannot be edited here")
        if value != param.default:
            params[key] = value
    if len(call.args) == 2 and _all_tensors(call.args[1]) and "initial_state" not in call.named:
        return params
    extra = [one for one in call.args if not isinstance(one, Tensor | list) and one is not None]
    if extra:
        raise Unfit("it is called with more than tensors")
    return params


def _all_tensors(value: Any) -> bool:
    """Whether it is a tensor, or a list of such and of nothing else."""
    if isinstance(value, list):
        return bool(value) and all(_all_tensors(item) for item in value)
    return isinstance(value, Tensor)


def _drop_usual_axes(params: dict[str, Any], call: Call) -> None:
    """Attention's axes, which Keras writes out where they follow from the input."""
    shape = call.tensors[0].shape
    if shape is not None and params.get("attention_axes") == list(range(1, len(shape) - 1)):
        del params["attention_axes"]


def _by_name(layer: dict[str, Any], call: Call, feeds: list[Place]) -> list[Place]:
    """What flows into a nested model, in the order of its inputs."""
    given = call.args[0] if len(call.args) == 1 else None
    config = layer["config"]
    starts = config.get("input_layers") if isinstance(config, dict) else None
    if not isinstance(given, dict) or not isinstance(starts, dict):
        return feeds
    if set(given) != set(starts):
        raise Unfit("its inputs go by other names")
    fed = dict(zip(given, feeds, strict=True))
    return [fed[name] for name in starts]


def _shifts(layers: dict[str, dict[str, Any]], calls: dict[str, list[Call]]) -> dict[str, int]:
    """Files of Keras 2 count a nested model's calls from 1 throughout."""
    highest: dict[str, int] = defaultdict(int)
    for made in calls.values():
        for call in made:
            for tensor in call.tensors:
                highest[tensor.layer] = max(highest[tensor.layer], tensor.call)
    return {
        name: 1
        for name, layer in layers.items()
        if layer["class_name"] in MODELS and name in calls and highest[name] == len(calls[name])
    }
