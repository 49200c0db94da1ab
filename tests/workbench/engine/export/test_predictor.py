import shutil
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from workbench.core.cancel import CancelToken
from workbench.core.errors import Cancelled, DataError, ProjectError
from workbench.engine.predict import RunPredictor
from workbench.runs import store


def test_that_a_raw_digit_is_named(digits: Any) -> None:
    raws = [digits.dataset.raw(index) for index in range(5)]
    answers = RunPredictor(digits.folder).predict(raws)
    assert len(answers) == 5
    for answer in answers:
        assert answer.probabilities is not None
        assert answer.label == max(answer.probabilities, key=lambda label: answer.probabilities[label])
        assert answer.confidence == answer.probabilities[answer.label]
        assert set(answer.to_json()) == {"input", "label", "confidence", "probabilities"}


def test_that_raw_samples_and_prepared_ones_get_the_same_answer(photos: Any) -> None:
    predictor = RunPredictor(photos.folder)
    part = photos.dataset.part("test")
    answers = predictor.predict([photos.dataset.raw_source(int(index)) for index in part.index])
    told = np.array([list((answer.probabilities or {}).values()) for answer in answers])
    np.testing.assert_allclose(predictor.outputs(part.x), told, atol=1e-6)


def test_that_values_come_in_their_own_unit(diabetes: Any) -> None:
    (answer,) = RunPredictor(diabetes.folder).predict([diabetes.dataset.raw(0)])
    assert answer.to_json() == {"input": "row 1", "value": answer.value}
    assert answer.value is not None
    assert 20 < answer.value < 400


def test_that_many_threads_may_ask_at_once(digits: Any) -> None:
    predictor = RunPredictor(digits.folder)
    x = digits.dataset.part("test").x
    answers: list[np.ndarray] = []
    threads = [threading.Thread(target=lambda: answers.append(predictor.outputs(x))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 6
    for answer in answers:
        np.testing.assert_array_equal(answer, answers[0])


def test_that_a_better_model_saved_meanwhile_is_asked_next(digits: Any, photos: Any, tmp_path: Path) -> None:
    shutil.copytree(digits.folder, tmp_path / "p")
    predictor = RunPredictor(tmp_path / "p")
    x = digits.dataset.part("test").x[:4]
    before = predictor.outputs(x)
    model = predictor.model
    model.set_weights([-weights for weights in model.get_weights()])
    path = store.best_model(tmp_path / "p", predictor.run)
    model.save(path.with_name("new.keras"))
    path.with_name("new.keras").replace(path)
    assert np.abs(predictor.outputs(x) - before).max() > 0.01


def test_that_a_model_that_is_gone_is_told(digits: Any, tmp_path: Path) -> None:
    shutil.copytree(digits.folder, tmp_path / "p")
    predictor = RunPredictor(tmp_path / "p")
    store.best_model(tmp_path / "p", predictor.run).unlink()
    with pytest.raises(ProjectError, match="is gone"):
        predictor.outputs(digits.dataset.part("test").x)
    with pytest.raises(ProjectError):
        RunPredictor(tmp_path / "p")


def test_that_a_cancel_ends_the_asking(digits: Any) -> None:
    token = CancelToken()
    token.stop()
    with pytest.raises(Cancelled):
        RunPredictor(digits.folder).outputs(digits.dataset.part("test").x, cancel=token)


def test_that_no_samples_give_no_answers(digits: Any, diabetes: Any) -> None:
    assert RunPredictor(digits.folder).predict([]) == []
    assert RunPredictor(digits.folder).outputs(digits.dataset.part("test").x[:0]).shape == (0, 10)
    assert RunPredictor(diabetes.folder).outputs(diabetes.dataset.part("test").x[:0]).shape == (0,)


def test_that_a_picture_of_strange_shape_is_refused(digits: Any) -> None:
    with pytest.raises(DataError, match="shape"):
        RunPredictor(digits.folder).predict([np.zeros((2, 3, 4, 5), np.uint8)])
