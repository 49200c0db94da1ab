"""Repeated parts of a drawing, found so that each can be written as one function."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from workbench.catalog.layers import KEPT
from workbench.graph.calls import feeds, settings
from workbench.graph.model import Graph

LONGEST = 60
SHORTEST = 3
_WORTH = 4
_MOST_ARGUMENTS = 4
_MOST_BLOCKS = 8
# What is written for these follows from several settings together.
_FIXED = ("Lambda", KEPT)
_TITLES = (
    ("MultiHeadAttention", "transformer_block"),
    ("Add", "residual_block"),
    ("Concatenate", "branching_block"),
    ("LSTM", "recurrent_block"),
    ("GRU", "recurrent_block"),
    ("DepthwiseConv2D", "depthwise_block"),
    ("Conv2D", "convolution_block"),
    ("Conv1D", "convolution_block"),
    ("Dense", "dense_block"),
)


@dataclass(frozen=True)
class Block:
    """A function and where it is called.

    Args:
        name: The function's name.
        instances: The nodes of each call, in the order they are called in; only the last one's tensor is used outside.
        arguments: What differs between the calls: a name, and the places (node in the block, parameter) it goes to.
        labels: The name of each call: one that the layers' names hold, or all of them.
        pieces: What stands before and after the label in each layer's name; None where all names are given.
    """

    name: str
    instances: tuple[tuple[str, ...], ...]
    arguments: tuple[tuple[str, tuple[tuple[int, str], ...]], ...]
    labels: tuple[str | list[str], ...]
    pieces: tuple[tuple[str, str], ...] | None

    def source(self, graph: Graph, instance: tuple[str, ...]) -> str:
        """The node outside whose tensor an instance takes."""
        return next(feed.source for node in instance for feed in feeds(graph, node) if feed.source not in instance)


def find_blocks(graph: Graph, calls: Sequence[str], names: dict[str, str], apart: Collection[str] = ()) -> list[Block]:
    """What repeats among the calls, the most saving first.

    Args:
        graph: The drawing.
        calls: The ids of its layers in the order they are called in.
        names: Their names in Keras.
        apart: Nodes that no block may hold.
    """
    search = _Search(graph, calls, names, apart)
    blocks: list[Block] = []
    while len(blocks) < _MOST_BLOCKS and (best := search.best()) is not None:
        number = sum(re.sub(r"_\d+$", "", block.name) == best.name for block in blocks)
        blocks.append(replace(best, name=f"{best.name}_{number + 1}") if number else best)
        search.take(best)
    return blocks


class _Search:
    """What stays the same while block after block is found."""

    def __init__(self, graph: Graph, calls: Sequence[str], names: dict[str, str], apart: Collection[str]) -> None:
        self._graph, self._calls, self._names = graph, calls, names
        self._asked = {node: settings(graph.by_id[node]) for node in calls}
        self._place = {node: number for number, node in enumerate(calls)}
        self._place |= {node.id: -1 - number for number, node in enumerate(graph.inputs)}
        self._feeds = [feeds(graph, node) for node in calls]
        self._sources = [{self._place[feed.source] for feed in found} for found in self._feeds]
        ends = len(calls)
        self._users = [{self._place.get(link.target, ends) for link in graph.outgoing[node]} for node in calls]
        self._tokens = self._numbered()
        self._used = {place for place, node in enumerate(calls) if node in apart}

    def _numbered(self) -> list[int]:
        """A number for each call: the same where layer, settings but for sizes, and wiring relative to it are."""
        known: dict[str, int] = {}
        tokens = []
        for number, node in enumerate(self._calls):
            layer = self._graph.by_id[node].layer
            asked = {
                key: None if _varies(value) and layer not in _FIXED else value
                for key, value in self._asked[node].items()
            }
            wiring = [(feed.port, number - self._place[feed.source]) for feed in self._feeds[number]]
            word = json.dumps([layer, asked, wiring], sort_keys=True)
            tokens.append(known.setdefault(word, len(known)))
        return tokens

    def take(self, block: Block) -> None:
        """Keep a block's calls from any other."""
        self._used |= {self._place[node] for instance in block.instances for node in instance}

    def best(self) -> Block | None:
        """The block that saves the most lines."""
        best, best_score = None, float(_WORTH - 1)
        for length in range(min(LONGEST, len(self._calls) // 2), SHORTEST - 1, -1):
            if (len(self._calls) // length - 1) * (length - 1) <= best_score:
                continue
            for starts in self._repeats(length):
                saved = (len(starts) - 1) * (length - 1)
                if saved <= best_score:
                    continue
                found = self._block([tuple(self._calls[start : start + length]) for start in starts])
                score = saved * (1.0 if found and found.pieces else 0.5)
                if found is not None and score > best_score:
                    best, best_score = found, score
        return best

    def _repeats(self, length: int) -> list[list[int]]:
        windows: dict[tuple[int, ...], list[int]] = {}
        free = 0
        for place in range(len(self._calls)):
            free = 0 if place in self._used else free + 1
            if free >= length:
                start = place - length + 1
                windows.setdefault(tuple(self._tokens[start : start + length]), []).append(start)
        found = []
        for starts in windows.values():
            apart: list[int] = []
            for start in starts if len(starts) > 1 else []:
                if (not apart or start >= apart[-1] + length) and self._closed(start, length):
                    apart.append(start)
            if len(apart) > 1:
                found.append(apart)
        return found

    def _closed(self, start: int, length: int) -> bool:
        """Whether one tensor goes in and one comes out."""
        inside = range(start, start + length)
        if any(user not in inside for place in inside[:-1] for user in self._users[place]):
            return False
        return len({source for place in inside for source in self._sources[place] if source not in inside}) == 1

    def _block(self, instances: list[tuple[str, ...]]) -> Block | None:
        asked = [[self._asked[node] for node in instance] for instance in instances]
        varying: dict[str, list[tuple[int, str]]] = {}
        for place, first in enumerate(asked[0]):
            for key in first:
                values = [instance[place][key] for instance in asked]
                if any(value != values[0] for value in values):
                    varying.setdefault(json.dumps(values), []).append((place, key))
        if len(varying) > _MOST_ARGUMENTS:
            return None
        arguments: dict[str, tuple[tuple[int, str], ...]] = {}
        for places in varying.values():
            word = places[0][1]
            same = sum(re.sub(r"_\d+$", "", name) == word for name in arguments)
            arguments[f"{word}_{same + 1}" if same else word] = tuple(places)
        kinds = {self._graph.by_id[node].layer for node in instances[0]}
        title = next((name for layer, name in _TITLES if layer in kinds), "block")
        rows = [[self._names[node] for node in instance] for instance in instances]
        template = _template(rows)
        labels, pieces = template if template else (tuple(rows), None)
        return Block(title, tuple(instances), tuple(arguments.items()), labels, pieces)


def _varies(value: Any) -> bool:
    """Whether a value may be a function's argument: a number, or sizes."""
    if isinstance(value, list):
        return all(_varies(item) for item in value)
    return isinstance(value, int | float) and not isinstance(value, bool)


def _template(rows: list[list[str]]) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]] | None:
    """What differs between the names of the instances, where it is one word, and what stands around it in each name."""
    labels: list[str] | None = None
    pieces: list[tuple[str, str]] = []
    for column in zip(*rows, strict=True):
        words = [re.findall(r"[A-Za-z]+|\d+|[^A-Za-z0-9]", name) for name in column]
        if len({len(found) for found in words}) > 1:
            return None
        differing = [place for place, parts in enumerate(zip(*words, strict=True)) if len(set(parts)) > 1]
        if not differing:
            return None
        start, stop = differing[0], differing[-1] + 1
        middles = ["".join(found[start:stop]) for found in words]
        if labels is not None and middles != labels:
            return None
        labels = middles
        pieces.append(("".join(words[0][:start]), "".join(words[0][stop:])))
    if labels is None:
        return None
    common = {before for before, _ in pieces}
    if len(common) == 1:
        front = common.pop()
        labels, pieces = [front + label for label in labels], [("", after) for _, after in pieces]
    if len(set(labels)) < len(labels):
        return None
    return tuple(labels), tuple(pieces)
