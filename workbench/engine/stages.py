"""The phases of a plan: which layers learn in which epoch (fine-tuning in stages: Howard and Ruder 2018)."""

from __future__ import annotations

import keras

from workbench.core.errors import TrainingError
from workbench.engine.layers import keras_names
from workbench.graph.model import Graph
from workbench.project.training import Phase, TrainingSettings


class Stages:
    """Freezes and unfreezes layers as the phases say; a run without phases has a single stage.

    The optimizer is built once for all weights, so that what it knows of a frozen one is still there when it thaws.

    Args:
        settings: The plan.
        graph: The drawing, whose names the phases use.
        model: Built; what it calls trainable now is what no phase has frozen.

    Raises:
        TrainingError: A phase names a layer that is not there, or leaves nothing to learn.
    """

    def __init__(self, settings: TrainingSettings, graph: Graph, model: keras.Model) -> None:
        self._phases = settings.phases
        names = keras_names(graph)
        by_name = {node.name: names[node.id] for node in graph.nodes if node.id in names}
        layers = {layer.name: layer for layer in model.layers}
        self._frozen: list[list[keras.layers.Layer]] = []
        self._usual = [(layer, layer.trainable) for layer in model._flatten_layers(include_self=False)]
        for phase in self._phases:
            unknown = [name for name in phase.frozen if by_name.get(name, name) not in layers]
            if unknown:
                raise TrainingError(
                    "A phase freezes layers of the network.", ", ".join(unknown), "Choose its layers anew."
                )
            self._frozen.append([layers[by_name.get(name, name)] for name in phase.frozen])
        self._current: int | None = None
        for number, phase in enumerate(self._phases):
            self._freeze(number)
            if not model.trainable_weights:
                self._thaw()
                raise TrainingError(
                    "Something must be left to learn in every phase.",
                    f"phase {phase.name or number + 1} freezes all weights",
                    "Leave a layer out of its frozen ones.",
                )
        self._thaw()

    def number(self, epoch: int) -> int:
        """Which phase an epoch (from 0) is in; epochs beyond the last belong to it."""
        end = 0
        for number, phase in enumerate(self._phases):
            end += phase.epochs
            if epoch < end:
                return number
        return max(0, len(self._phases) - 1)

    def phase(self, epoch: int) -> Phase | None:
        """The phase that an epoch is in."""
        return self._phases[self.number(epoch)] if self._phases else None

    def enter(self, epoch: int) -> bool:
        """Make those layers learn that do in an epoch; whether others did before, so that the step must be traced."""
        number = self.number(epoch)
        if number == self._current:
            return False
        first, self._current = self._current is None, number
        self._thaw()
        if self._phases:
            self._freeze(number)
        return not first

    def leave(self) -> None:
        """Make all layers as they were before the run."""
        self._thaw()

    def _freeze(self, number: int) -> None:
        for layer in self._frozen[number]:
            layer.trainable = False

    def _thaw(self) -> None:
        # Setting a container's flag sets its parts' too, so the parts come after their container.
        for layer, usual in self._usual:
            layer.trainable = usual
