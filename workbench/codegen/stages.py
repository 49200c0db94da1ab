"""The phases of a plan in a script: which layers learn in which epochs, and how fast."""

from __future__ import annotations

from workbench.codegen.names import layer_names
from workbench.codegen.printer import Expr, call, literal, statement
from workbench.graph.model import Graph
from workbench.project.rates import is_steady, phase_scale
from workbench.project.training import TrainingSettings

STAGES = '''
class Stages(keras.callbacks.Callback):
    """Lets other layers learn, at another rate, from an epoch on."""

    def on_train_begin(self, logs=None):
        self.usual = {layer.name: layer.trainable for layer in self.model.layers}
        self.frozen = ()
        # What the optimizer knows of a frozen weight is still there when it thaws.
        self.model.optimizer.build(self.model.trainable_variables)

    def on_epoch_begin(self, epoch, logs=None):
        for begin, rate, frozen in STAGES:
            if begin != epoch:
                continue
            for layer in self.model.layers:
                if layer.name in frozen:
                    layer.trainable = False
                elif layer.name in self.frozen:
                    layer.trainable = self.usual[layer.name]
            self.frozen = frozen
            if rate is not None:
                self.model.optimizer.learning_rate = rate
            self.model.make_train_function(force=True)
'''

SCALED = '''
class Scaled(keras.optimizers.schedules.LearningRateSchedule):
    """A schedule times another one."""

    def __init__(self, schedule, factor):
        self.schedule, self.factor = schedule, factor

    def __call__(self, step):
        return self.schedule(step) * self.factor(step)

    def get_config(self):
        kept = keras.saving.serialize_keras_object
        return {"schedule": kept(self.schedule), "factor": kept(self.factor)}
'''


def functions(settings: TrainingSettings) -> list[str]:
    """What the script defines for its stages."""
    if not settings.phases:
        return []
    return [STAGES, *([SCALED] if _is_scaled(settings) else [])]


def constant(settings: TrainingSettings, graph: Graph) -> list[str]:
    """The stages themselves: from which epoch on, with which rate where that changes, without which layers."""
    names = {node.name: name for node in graph.nodes if (name := layer_names(graph).get(node.id))}
    rows: list[tuple[int, float | None, list[str]]] = []
    begin, steady = 0, is_steady(settings)
    before = 1.0
    for phase in settings.phases:
        scale = phase_scale(settings, begin)
        rate = phase.learning_rate or settings.learning_rate
        rows.append(
            (begin, rate if steady and scale != before else None, [names.get(one, one) for one in phase.frozen])
        )
        before, begin = scale, begin + phase.epochs
    return [statement("STAGES = ", literal(list(rows)))] if rows else []


def callback(settings: TrainingSettings) -> list[Expr]:
    """What carries them out."""
    return ["Stages()"] if settings.phases else []


def scaled(rate: Expr, settings: TrainingSettings, steps: int) -> Expr:
    """A schedule that the stages have their own rates in; a rate that stays the same is set by the callback.

    Args:
        rate: The plan's.
        settings: The plan.
        steps: How many batches an epoch has.
    """
    if not _is_scaled(settings):
        return rate
    ends, begin = [], 0
    factors = [phase_scale(settings, 0)]
    for phase in settings.phases:
        begin += phase.epochs
        # Keras's boundary is the last batch before the change; the last stage's rate is that of epochs beyond it.
        ends.append(begin * steps - 1)
        factors.append(phase_scale(settings, begin))
    return call(
        "Scaled", rate, call("keras.optimizers.schedules.PiecewiseConstantDecay", literal(ends), literal(factors))
    )


def _is_scaled(settings: TrainingSettings) -> bool:
    return any(phase.learning_rate is not None for phase in settings.phases) and not is_steady(settings)
