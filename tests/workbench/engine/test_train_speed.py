from __future__ import annotations

import threading
from typing import Any

import numpy as np

from workbench.core.control import RunControl


def test_that_the_accuracy_is_that_of_plain_keras(bench: Any) -> None:
    import keras

    from workbench.engine.build import build_model

    digits = bench.builtin("digits")
    train, validation = digits.part("train"), digits.part("validation")
    ours, theirs = [], []
    for seed in range(2):
        ended, _ = bench.train(bench.classifier(), digits, epochs=8, seed=seed, learning_rate=0.005, batch_size=64)
        ours.append(ended.metrics["val_accuracy"])
        model = build_model(bench.classifier(), digits.info, seed)
        model.compile(keras.optimizers.Adam(0.005), "sparse_categorical_crossentropy", metrics=["accuracy"])
        history = model.fit(
            train.x / np.float32(255),
            train.y,
            epochs=8,
            batch_size=64,
            validation_data=(validation.x / np.float32(255), validation.y),
            verbose=0,
        )
        theirs.append(history.history["val_accuracy"][-1])
    assert abs(np.mean(ours) - np.mean(theirs)) < 0.03


def test_that_a_stop_is_obeyed_within_a_tenth_of_a_second(bench: Any) -> None:
    import time

    cancel, asked = RunControl(), []

    def at(event: Any) -> None:
        if event.event == "epoch" and not asked:
            timer = threading.Timer(0.05, lambda: (asked.append(time.perf_counter()), cancel.stop()))
            timers.append(timer)
            timer.start()

    timers: list[threading.Timer] = []
    graph = bench.classifier()
    ended, _ = bench.train(
        graph, bench.builtin("digits"), told=bench.Told(at), cancel=cancel, epochs=2000, batch_size=1
    )
    taken = time.perf_counter() - asked[0]
    timers[0].join()
    assert ended.outcome == "stopped"
    # A tenth of a second for the batches, the rest for writing the best model.
    assert taken < 1


def test_that_two_trainings_at_once_do_not_disturb_each_other(bench: Any) -> None:
    alone, _ = bench.train(bench.classifier(), bench.builtin("digits"), epochs=2)
    answers: list[Any] = []

    def run() -> None:
        answers.append(bench.train(bench.classifier(), bench.builtin("digits"), epochs=2)[0])

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.metrics for answer in answers] == [alone.metrics] * 2
