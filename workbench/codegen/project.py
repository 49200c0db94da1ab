"""A whole project as one script: data, preparation, training, evaluation and export, without this program."""

from __future__ import annotations

import textwrap

from workbench.catalog.layers import layer_spec
from workbench.catalog.losses import LossSpec
from workbench.codegen import pieces, stages
from workbench.codegen.fitting import End, ends_of, functions_of, training, unlike
from workbench.codegen.model import model_lines, plain
from workbench.codegen.names import layer_names
from workbench.codegen.printer import Argument, Several, literal, statement
from workbench.codegen.sources import Source, source_of
from workbench.core.errors import UsageError
from workbench.data.spec import DatasetInfo
from workbench.graph.calls import call_order
from workbench.graph.inputs import places
from workbench.graph.model import INPUT, OUTPUT, Graph
from workbench.project.model import Project
from workbench.project.outputs import asked_of
from workbench.project.training import TrainingSettings

_DIFFERS = """
It reads the same data, parts them by the same seed, prepares them by the training part
and trains with the same settings in the same order of samples. What can differ from a
run in the program: the weights at the start (drawn from the same seed, but in another
order), dropout and random pictures, and the rounding of other machines; so the figures
come close, but are not the same to the last digit.
"""


def project_script(project: Project) -> str:
    """A script that reproduces a project's run and needs only Keras, numpy and what reads its data.

    Args:
        project: With data that were picked.

    Raises:
        UsageError: No data are picked yet, or an output's plan does not fit them.
        GraphError: The drawing has no way from input to output.
        DataError: A script cannot read these data.
        FileError: The data's file cannot be read.
    """
    spec, info = project.dataset, project.info
    if spec is None or info is None:
        raise UsageError("A whole script needs data.", "none picked", "Pick data first: workbench new --data SOURCE.")
    wrong = asked_of(project)[1]
    if wrong:
        raise UsageError(wrong[0].message, "", f"{wrong[0].hint.rstrip('.')}.")
    source, settings = source_of(spec, info), project.training
    ends = ends_of(settings, info, [project.graph.by_id[node].name for node in _outputs(project.graph)])
    title = f'"""{plain(project.name)}: a network for {plain(info.title)}.\n{_differences(settings, ends, info)}"""'
    constants = [
        *source.constants,
        f"SPLIT = {(spec.split.train, spec.split.validation, spec.split.test)}",
        f"SPLIT_SEED = {spec.split.seed}",
        f"SEED = {settings.seed}",
        f"EPOCHS = {settings.total_epochs}",
        f"BATCH_SIZE = {settings.batch_size}",
        *stages.constant(settings, project.graph),
        *_adapted(project.graph),
    ]
    functions = [*source.functions, pieces.SPLIT]
    if info.task == "regression" and spec.split.stratify:
        functions.append(pieces.VALUE_GROUPS)
    functions += [_inputs_of(project.graph, info), _targets_of(ends, several=bool(info.further))]
    functions.append(pieces.batches(weighed=bool(info.weight)))
    functions += functions_of(settings, ends)
    model = model_lines(project.graph, info)
    defined = [part for part in model[:-1] if part.startswith("def ")]
    constants += [part for part in model[:-1] if not part.startswith("def ")]
    body = [
        _data(source, info, stratify=spec.split.stratify),
        _precision(settings) + "keras.utils.set_random_seed(SEED)\n" + model[-1],
        *([pieces.ADAPT.strip()] if _adapted(project.graph) else []),
        training(settings, info, ends),
        _evaluation(info, ends),
        'model.save("model.keras")\nmodel.export("saved_model")',
    ]
    blocks = [part.strip("\n") for part in (*functions, *defined)]
    head = "\n\n".join([title, _imports(source), "\n".join(constants)])
    return "\n\n\n".join([head, *blocks, "\n\n".join(body)]) + "\n"


def _imports(source: Source) -> str:
    standard = sorted(line for line in source.imports if line.startswith("import "))
    froms = sorted(line for line in source.imports if line.startswith("from "))
    ours = [line for line in froms if line.split()[1].split(".")[0] in ("pathlib", "collections")]
    foreign = [line for line in froms if line not in ours]
    third = ["import keras", "import numpy as np", *sorted(["from keras import layers", *foreign], key=str.lower)]
    first = [*standard, *ours]
    return "\n".join(first) + ("\n\n" if first else "") + "\n".join(third)


def _inputs(graph: Graph) -> list[str]:
    return [node for node in call_order(graph) if graph.by_id[node].layer == INPUT]


def _outputs(graph: Graph) -> list[str]:
    return [node for node in call_order(graph) if graph.by_id[node].layer == OUTPUT]


def _adapted(graph: Graph) -> list[str]:
    """The layers that learn their state from data."""
    names = layer_names(graph)
    found = []
    for node in call_order(graph):
        drawn = graph.by_id[node]
        spec = layer_spec(drawn.layer)
        state = {"Normalization": "mean", "Discretization": "bin_boundaries"}.get(drawn.layer)
        if spec is not None and state and spec.arguments(drawn.params).get(state) is None and drawn.shares is None:
            found.append(names[node])
    return [statement("ADAPTED = ", literal(found))] if found else []


def _inputs_of(graph: Graph, info: DatasetInfo) -> str:
    names = layer_names(graph)
    taken = {names[node]: places(graph.by_id[node], info) for node in _inputs(graph)}
    head = 'def inputs_of(x):\n    """What each input of the network takes of the samples."""\n'
    if len(taken) == 1 and None in taken.values():
        return head + "    return x"
    items = tuple(
        Argument(f"{literal(name)}: ", "x" if found is None else f"x[:, {list(found)}]")
        for name, found in taken.items()
    )
    return head + statement("return ", Several("{", items, "}"), 4)


def _targets_of(ends: list[End], *, several: bool) -> str:
    head = 'def targets_of(y):\n    """The answers as the loss takes them."""\n'
    made = [_target(end.loss, f"y[:, {end.place}]" if several else "y") for end in ends]
    if len(made) == 1:
        return head + f"    return {made[0]}"
    if len(set(made)) == 1:
        return head + f"    return ({made[0]},) * {len(made)}"
    return head + statement("return ", Several("(", tuple(Argument("", one) for one in made), ")"), 4)


def _target(loss: LossSpec, y: str) -> str:
    if loss.one_hot:
        return f"np.eye({loss.outputs}, dtype=np.float32)[{y if y == 'y' else f'{y}.astype(int)'}]"
    return f"{y}.astype(np.int32)" if loss.outputs > 1 else f"{y}.astype(np.float32).reshape(-1, 1)"


def _precision(settings: TrainingSettings) -> str:
    if settings.precision == "float32":
        return ""
    return f"keras.config.set_dtype_policy({literal(settings.precision)})\n"


def _differences(settings: TrainingSettings, ends: list[End], info: DatasetInfo) -> str:
    told = unlike(settings, ends, info)
    lines = [line for words in told for line in textwrap.wrap(words, 88)]
    return _DIFFERS + ("\n" + "\n".join(lines) + "\n" if lines else "")


def _data(source: Source, info: DatasetInfo, *, stratify: bool) -> str:
    if not stratify:
        groups = "np.zeros(len(answers), int)"
    else:
        groups = "value_groups(answers)" if info.task == "regression" else "answers"
    lines = [
        *source.reading,
        f"train, validation, test = split({groups}{', given' if source.given else ''})",
        *source.preparing,
    ]
    if info.further:
        lines += [
            "scales = [",
            "    (0.0, 1.0) if classes else (one[train].mean(), one[train].std() or 1.0)",
            "    for one, classes in zip(every, TARGETS.values())",
            "]",
            "scaled = [(one - mean) / std for one, (mean, std) in zip(every, scales)]",
            "y = np.stack(scaled, axis=1).astype(np.float32)",
            "y_mean, y_std = scales[0]",
        ]
    elif info.task == "regression":
        lines += [
            "y_mean, y_std = answers[train].mean(), answers[train].std() or 1.0",
            "y = ((answers - y_mean) / y_std).astype(np.float32)",
        ]
    else:
        lines.append("y = answers.astype(np.int32)")
    lines += [
        "x_train, x_validation, x_test = x[train], x[validation], x[test]",
        "y_train, y_validation, y_test = y[train], y[validation], y[test]",
    ]
    if info.weight:
        lines.append("w_train, w_validation, w_test = weights[train], weights[validation], weights[test]")
    return "\n".join(lines)


def _evaluation(info: DatasetInfo, ends: list[End]) -> str:
    main = next(place for place, end in enumerate(ends) if not end.place)
    first = "" if len(ends) == 1 else f"[{main}]"
    if info.task == "regression":
        lines = [
            f"predicted = model.predict(inputs_of(x_test), verbose=0){first}[:, 0]",
            "errors = predicted * y_std + y_mean - answers[test]",
            *_told("Test: mean absolute error", "np.abs(errors)", info),
            *_told("Test: root mean squared error", "(errors**2)", info, "np.sqrt({})"),
        ]
    else:
        lines = [
            f"scores = model.predict(inputs_of(x_test), verbose=0){first}",
            f"predicted = {_chosen('scores', ends[main].loss)}",
            *_told("Test: accuracy", f"(predicted == y_test{'[:, 0]' if info.further else ''})", info),
        ]
    return "\n".join([*lines, *_further_figures(info, ends)])


def _further_figures(info: DatasetInfo, ends: list[End]) -> list[str]:
    """The lines that tell a figure of each further target."""
    lines = ["outputs = model.predict(inputs_of(x_test), verbose=0)"] if info.further else []
    for target, found in list(enumerate(info.targets))[1:]:
        place = next(place for place, end in enumerate(ends) if end.place == target)
        name = plain(found.name).replace("{", "{{").replace("}", "}}")
        if found.task == "regression":
            lines += [
                f"mean, std = scales[{target}]",
                f"errors = outputs[{place}][:, 0] * std + mean - every[{target}][test]",
                *_told(f"Test, {name}: mean absolute error", "np.abs(errors)", info),
            ]
        else:
            lines += [
                f"predicted = {_chosen(f'outputs[{place}]', ends[place].loss)}",
                *_told(f"Test, {name}: accuracy", f"(predicted == y_test[:, {target}])", info),
            ]
    return lines


def _told(words: str, each: str, info: DatasetInfo, of: str = "{}") -> list[str]:
    """The lines that print the mean of a figure of each test sample, by the samples' weights where they have any."""
    if not info.weight:
        return [f'print(f"{words} {{{of.format(f"{each}.mean()")}:.6g}}")']
    inner = each[1:-1] if each.startswith("(") else each
    return [f"mean = np.average({inner}, weights=w_test)", f'print(f"{words} {{{of.format("mean")}:.6g}}")']


def _chosen(scores: str, loss: LossSpec) -> str:
    return f"({scores}[:, 0] > 0.5).astype(int)" if loss.outputs == 1 else f"{scores}.argmax(axis=1)"
