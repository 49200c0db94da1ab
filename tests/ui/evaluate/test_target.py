"""The Evaluate page of a run with a target an output: the figures, samples and answers of the one that is chosen."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox

from ui.widgets import Text
from workbench.data.spec import FurtherTarget

from .conftest import PATIENCE_MS, Stage, trained

CSV = "a,b,rings,sex\n" + "".join(
    f"{row % 17},{row % 11}.5,{row % 17 + row % 11}.25,{'MFI'[row % 3]}\n" for row in range(120)
)


@pytest.fixture(scope="module")
def shells(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("shells")
    (root / "shells.csv").write_text(CSV, encoding="utf-8")
    return trained(root / "shells.csv", root / "project", 3, target="rings", further=(FurtherTarget(name="sex"),))


def test_that_the_page_shows_the_figures_of_the_target_that_is_chosen(stage: Stage, shells: Path) -> None:
    stage.open(shells)
    page = stage.page
    box = page.findChild(QComboBox, "figures_target")
    assert [box.itemText(place) for place in range(box.count())] == ["rings", "sex"]
    assert page.views.currentWidget() is page.regression
    assert "mean absolute error" in page.head.number.accessibleName()
    box.setCurrentIndex(1)
    box.activated.emit(1)
    assert page.views.currentWidget() is page.classes
    assert "accuracy on 18 test samples" in page.head.number.accessibleName()
    assert page.classes.samples.answers.evaluation.classes == ("F", "I", "M")
    stage.qtbot.waitUntil(lambda: page.findChild(Text, "answer_truth").text() != "", timeout=PATIENCE_MS)
    stage.qtbot.waitUntil(lambda: page.predict.answer.number.value in ("F", "I", "M"), timeout=PATIENCE_MS)
    page.predict.form.fields["a"].setText("3")
    page.predict.form.changed.emit()
    stage.qtbot.waitUntil(lambda: page.predict.answer.source.full_text() == "Your row", timeout=PATIENCE_MS)
    assert page.predict.answer.number.value in ("F", "I", "M")
    box.setCurrentIndex(0)
    box.activated.emit(0)
    assert page.views.currentWidget() is page.regression
