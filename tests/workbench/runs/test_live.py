from __future__ import annotations

from pathlib import Path

import pytest

from workbench.core import events
from workbench.core.control import Change, RunControl
from workbench.project.model import Project
from workbench.runs import isolated, live, process, store


def batch(step: int) -> events.BatchEnded:
    return events.BatchEnded("run-001", 1, step, {"loss": 1.0 / step}, 100.0)


def epoch(number: int) -> events.EpochEnded:
    return events.EpochEnded("run-001", number, {"loss": float("nan")}, 1.0, 100.0)


class Both:
    """Tells as a run does: to its record first, then live."""

    def __init__(self, folder: Path, most_bytes: int = live.MOST_BYTES) -> None:
        self.plan = store.new_run(folder, Project())
        path = store.run_folder(folder, self.plan.run)
        self.record = store.RunLog(folder, self.plan.run)
        self.paths = path / live.LIVE_FILE, path / store.METRICS_FILE
        self.live = live.LiveWriter(*self.paths, most_bytes=most_bytes)

    def tell(self, *told: events.Event) -> None:
        for event in told:
            self.record.emit(event)
            self.live.emit(event)

    def follower(self) -> live.EventTail:
        return live.EventTail(*self.paths)


@pytest.fixture
def both(tmp_path: Path) -> Both:
    return Both(tmp_path)


def steps(told: list[events.Event]) -> list[int]:
    return [event.step if isinstance(event, events.BatchEnded) else -event.epoch for event in told]  # type: ignore[union-attr]


def test_that_a_follower_gets_every_event_once_and_in_order(both: Both) -> None:
    follower = both.follower()
    assert follower.read() == []
    both.tell(batch(1), batch(2))
    first = follower.read()
    both.tell(epoch(1))
    assert steps(first + follower.read()) == [1, 2, -1]
    both.live.close()
    follower.close()


def test_that_who_joins_late_gets_the_past_from_the_record_and_each_event_once(tmp_path: Path) -> None:
    both = Both(tmp_path, most_bytes=400)
    early = both.follower()
    seen = []
    for number in range(1, 9):
        both.tell(batch(number), epoch(number))
        seen += early.read()
    late = both.follower()
    joined = late.read()
    both.tell(epoch(9))
    assert [step for step in steps(joined + late.read()) if step < 0] == [-n for n in range(1, 10)]
    assert steps(seen + early.read()) == [step for n in range(1, 9) for step in (n, -n)] + [-9]
    assert both.paths[0].stat().st_size < 1000
    for thing in (both.live, early, late):
        thing.close()


def test_that_only_a_last_word_told_live_ends_the_following(both: Both) -> None:
    ended = events.RunEnded("run-001", "stopped", "Stopped.", None, {}, 1.0)
    both.record.emit(ended)  # of an earlier attempt that is gone on with
    follower = both.follower()
    both.tell(epoch(2))
    assert len(follower.read()) == 2
    assert follower.ended is None
    both.tell(ended)
    follower.read()
    assert follower.ended == ended
    both.live.close()
    follower.close()


def test_that_torn_lines_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "control.jsonl"
    tail = live.Tail(path)
    path.write_text('{"do": "pa')
    assert tail.read() == []
    with path.open("a") as file:
        file.write('use"}\nnonsense\n[1]\n{"do": "stop"}\n')
    assert [value["do"] for value in tail.read()] == ["pause", "stop"]
    tail.close()


def test_that_each_wish_reaches_the_run_through_its_control_file(tmp_path: Path) -> None:
    remote, control = isolated.RemoteControl(tmp_path), RunControl()
    tail = live.Tail(tmp_path / live.CONTROL_FILE)

    def obeyed() -> RunControl:
        for command in tail.read():
            isolated.obey(command, control)
        return control

    remote.pause()
    assert obeyed().paused
    remote.resume()
    assert not obeyed().paused
    remote.set_learning_rate(0.5)
    remote.set_epochs(7)
    assert obeyed().take_changes() == [Change("learning_rate", 0.5), Change("epochs", 7)]
    remote.finish()
    assert obeyed().finish_requested
    assert not control.stop_requested
    remote.stop()
    assert obeyed().stop_requested
    isolated.obey({"do": "something newer"}, control)
    isolated.obey({"do": "epochs", "value": "many"}, control)
    tail.close()


def test_that_a_run_without_its_process_was_interrupted(tmp_path: Path) -> None:
    run = store.new_run(tmp_path, Project()).run
    path = store.run_folder(tmp_path, run)
    assert store.load_record(tmp_path, run).outcome == "running"
    owner = process.owner_of(path)
    assert owner is not None
    assert owner.alive
    # The same number, given to a later process.
    (path / process.PROCESS_FILE).write_text(f'{{"pid": {owner.pid}, "started": 1.0, "executor": "thread"}}')
    assert [record.outcome for record in store.list_runs(tmp_path)] == ["interrupted"]
    process.release(path)
    record = store.load_record(tmp_path, run)
    assert record.outcome == "interrupted"
    assert record.hint
