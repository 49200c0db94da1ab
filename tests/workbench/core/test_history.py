"""Undo and redo bring back exactly what was there."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workbench.core.history import History


def test_that_an_edit_that_changes_nothing_is_no_step() -> None:
    history = History("a")
    assert not history.push("same", "a")
    assert history.undo_label is None


def test_that_a_merging_edit_joins_the_step_before_and_drops_the_redo_steps() -> None:
    history = History("")
    history.push("type", "h", "field")
    history.push("other", "h!", None)
    history.undo()
    history.push("type", "ha", "field")
    assert history.redo_label is None
    history.undo()
    assert history.document == ""


def test_that_a_merge_back_to_the_start_leaves_no_step() -> None:
    history = History(1)
    history.push("up", 2, "field")
    history.push("down", 1, "field")
    assert history.undo_label is None
    assert not history.dirty


def test_that_the_dirty_mark_follows_undo_and_redo() -> None:
    history = History(0)
    history.push("one", 1)
    history.mark_saved()
    assert not history.dirty
    history.undo()
    assert history.dirty
    history.redo()
    assert not history.dirty


def test_that_old_steps_are_forgotten_beyond_the_limit() -> None:
    history = History(0, limit=3)
    for number in range(1, 10):
        history.push("step", number)
    while history.undo():
        pass
    assert history.document == 6


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from([None, "a", "b"]))))
def test_that_undoing_all_and_redoing_all_gives_the_same_document(edits: list[tuple[int, str | None]]) -> None:
    history = History(-1)
    for value, key in edits:
        history.push("edit", value, key)
    end = history.document
    while history.undo():
        pass
    assert history.document == -1
    while history.redo():
        pass
    assert history.document == end
