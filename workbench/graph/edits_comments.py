"""Edits of comments: words on the canvas that change nothing of the network."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from workbench.core.errors import GraphError
from workbench.graph.edits_base import free_mark
from workbench.graph.model import Comment, Graph

Point = tuple[float, float]
LONGEST = 4000


def add_comment(graph: Graph, text: str, position: Point) -> tuple[Graph, str]:
    """Write a comment at a place of the scene; returns the new graph and the comment's id."""
    comment = Comment(
        id=free_mark("c", {comment.id for comment in graph.comments}), text=_checked(text), position=position
    )
    return graph.with_(comments=(*graph.comments, comment)), comment.id


def set_comment(graph: Graph, comment: str, text: str) -> Graph:
    """Change a comment's words; a comment without words is taken away."""
    if not text.strip():
        return remove_comments(graph, [comment])
    words = _checked(text)
    return graph.with_(
        comments=(
            other.model_copy(update={"text": words}) if other.id == comment else other for other in graph.comments
        )
    )


def move_comments(graph: Graph, positions: Mapping[str, Point]) -> Graph:
    """Put comments elsewhere."""
    return graph.with_(
        comments=(
            other.model_copy(update={"position": positions[other.id]}) if other.id in positions else other
            for other in graph.comments
        )
    )


def remove_comments(graph: Graph, comments: Collection[str]) -> Graph:
    """Take comments away."""
    return graph.with_(comments=(other for other in graph.comments if other.id not in comments))


def _checked(text: str) -> str:
    if len(text) > LONGEST:
        raise GraphError(f"A comment has at most {LONGEST} characters.", str(len(text)), "Write it in two.")
    return text.strip()
