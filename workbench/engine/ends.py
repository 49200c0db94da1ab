"""Where shapes meet the data: what the network puts out against what is asked, and words against the vocabulary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workbench.data.spec import DatasetInfo
from workbench.engine.needs import Shape, shape_in_words
from workbench.engine.translate import every_step
from workbench.graph.head import Ask, asked, head, new_head
from workbench.graph.model import INPUT, Graph, Node
from workbench.graph.problems import Problem, Repair

_RECURRENT = ("LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional")


def end_problems(
    graph: Graph,
    info: DatasetInfo,
    ask: Ask,
    output: Node,
    shape: Shape,
    ranks: Mapping[str, int],
    known: Sequence[Problem],
) -> list[Problem]:
    """What the network puts out at one output, against what the data ask for.

    Args:
        graph: The drawing.
        info: What the data are.
        ask: What the output must answer.
        output: One of its outputs.
        shape: What reaches the output, the batch axis apart.
        ranks: How many axes each node puts out.
        known: What is wrong already; a fault told once is not told again.
    """
    loss = ask.loss
    if shape == (loss.outputs,):
        return []
    found = head(graph, output)
    told = {problem.node for problem in known if problem.severity == "error"}
    ends = {node.id for node in (output, found.dense, found.activator) if node is not None}
    if len(shape) == 1 and told & ends:
        return []
    message = f"The network ends in {shape_in_words(shape)} for each sample, but the data ask for {asked(info, ask)}."
    where = found.dense or output
    if len(shape) == 1:
        return [Problem(message, output.id, new_head(output.id, loss))]
    return [Problem(message, where.id, _flattened(graph, output, ranks))]


def _flattened(graph: Graph, output: Node, ranks: Mapping[str, int]) -> Repair:
    """Make plain numbers before the first of the Dense layers that end the network."""
    place = current = output
    while len(graph.incoming[current.id]) == 1:
        feeder = graph.by_id[graph.incoming[current.id][0].source]
        if feeder.layer in _RECURRENT:
            return Repair(
                f"Let {feeder.name} put out only the last step",
                "set_params",
                feeder.id,
                {"params": every_step(feeder, wanted=False)},
            )
        fed = graph.incoming[feeder.id]
        if feeder.layer == INPUT or not fed or ranks.get(fed[0].source, 1) < 2:
            break
        if feeder.layer == "Dense":
            place = feeder
        elif feeder.layer not in ("Dropout", "Activation", "BatchNormalization", "ReLU", "LeakyReLU", "Softmax"):
            break
        current = feeder
    return Repair("Insert a Flatten", "insert_before", place.id, {"layer": "Flatten"})


def vocabulary_problems(graph: Graph, info: DatasetInfo) -> list[Problem]:
    """An Embedding that is fed the data must know all their words."""
    found = []
    for node in graph.of_layer("Embedding"):
        size = node.params.get("input_dim", 1000)
        sources = [graph.by_id[link.source].layer for link in graph.incoming[node.id]]
        if sources == [INPUT] and info.integer_input and isinstance(size, int) and size < info.vocabulary:
            repair = Repair(
                f"Set the input dim to {info.vocabulary}",
                "set_params",
                node.id,
                {"params": {"input_dim": info.vocabulary}},
            )
            message = (
                f"The data hold numbers up to {info.vocabulary - 1}, but this Embedding knows only those below {size}."
            )
            found.append(Problem(message, node.id, repair))
    return found
