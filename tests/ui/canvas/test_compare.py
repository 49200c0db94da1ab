"""The drawing beside another: what came, went, changed and is fed otherwise; each line leads to its layer."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QWidget

from ui.pages.model_compare import ComparePanel
from workbench.graph import edits
from workbench.project import store
from workbench.project.model import Project
from workbench.project.presets import architectures
from workbench.runs.store import new_run

from .conftest import stack


@pytest.fixture
def panel(page, session):
    """The open panel; the drawing as it was is kept as a run."""
    new_run(session.folder, session.project)
    page.overlays.compare_with_last_run()
    return page.overlays.compare


def told(panel):
    """Every line that is shown, under its group."""
    tops = [panel.tree.topLevelItem(place) for place in range(panel.tree.topLevelItemCount())]
    return {
        top.text(0): [[top.child(row).text(cell) for cell in range(5)] for row in range(top.childCount())]
        for top in tops
    }


def heading(panel):
    return panel.findChild(QPushButton, "compare_choose").text()


def counts(panel):
    return [badge.text() for badge in panel.badges.values() if not badge.isHidden()]


def test_that_a_drawing_and_its_own_run_are_the_same(panel):
    assert not panel.difference
    assert panel.findChild(type(panel._empty)).title.text() == "The two are the same."
    assert counts(panel) == []
    assert heading(panel) == "Compared with run-001"
    assert "The two are the same." in panel.text()


def test_that_what_differs_is_grouped_counted_and_kept_up_to_date(panel, session, qtbot):
    session.edit_graph("Set", lambda graph: edits.set_params(graph, "b", {"units": 64, "activation": "relu"}))
    session.edit_graph("Add", lambda graph: edits.insert_after(graph, "b", "ReLU")[0])
    session.edit_graph("Delete", lambda graph: edits.remove(graph, ["c"]))
    qtbot.waitUntil(lambda: counts(panel) == ["1 added", "1 removed", "1 changed", "1 rewired"], timeout=2000)
    assert told(panel) == {
        "1 added": [["re_lu", "ReLU", "", "", ""]],
        "1 removed": [["l2", "Dropout", "", "rate 0.5", ""]],
        "1 changed": [["l1", "Dense", "units", "32", "64"], ["", "", "activation", "not set", "relu"]],
        "1 rewired": [["l3", "Dense", "fed by", "l2", "re_lu"]],
    }
    session.undo()
    session.undo()
    session.undo()
    qtbot.waitUntil(lambda: counts(panel) == [], timeout=2000)


def test_that_a_line_leads_to_its_layer_where_it_is_in_the_drawing(panel, page, session, qtbot):
    session.edit_graph("Set", lambda graph: edits.set_params(graph, "b", {"units": 64}))
    session.edit_graph("Delete", lambda graph: edits.remove(graph, ["c"]))
    qtbot.waitUntil(lambda: panel.tree.topLevelItemCount() == 3, timeout=2000)
    removed, changed, _ = (panel.tree.topLevelItem(place).child(0) for place in range(3))
    panel.tree.itemClicked.emit(changed, 0)
    assert page.canvas.selection() == ["b"]
    panel.tree.itemClicked.emit(removed, 0)
    assert page.canvas.selection() == ["b"]
    assert removed.toolTip(0) == "l2 is not in this drawing"


def test_that_the_comparison_is_copied_as_text(panel, session, qtbot):
    session.edit_graph("Set", lambda graph: edits.set_params(graph, "b", {"units": 64}))
    qtbot.waitUntil(lambda: bool(panel.difference), timeout=2000)
    panel.copy_button.click()
    assert QGuiApplication.clipboard().text().splitlines() == [
        "Compared with run-001",
        "~ l1 (Dense): units: 32 → 64",
    ]


def test_that_every_kind_of_drawing_can_be_compared_with(panel, session, tmp_path, qtbot):
    other = Project(name="other", graph=stack(("Flatten", {})))
    store.save(other, tmp_path / "other")
    panel.sources.take_project(tmp_path / "other")
    assert counts(panel) == ["3 added", "1 rewired"]
    preset = architectures(session.project.info)[0]
    panel.sources.take_preset(preset)
    assert heading(panel) == f"Compared with {preset.title}"
    path = tmp_path / "model.json"
    path.write_text(TINY)
    panel.sources.take_model(path)
    qtbot.waitUntil(lambda: "model.json" in heading(panel), timeout=20_000)
    assert panel.difference


def test_that_a_project_that_cannot_be_read_is_told_and_nothing_changes(panel, session, tmp_path, qtbot):
    before = heading(panel)
    with qtbot.waitSignal(session.noticed):
        panel.sources.take_project(tmp_path / "nowhere")
    assert heading(panel) == before


def test_that_the_menu_offers_what_there_is(panel):
    panel.sources.fill(panel._menu)
    words = [action.text() for action in panel._menu.actions() if action.text()]
    assert words == ["An architecture", "The drawing of a run", "Another project…", "A Keras model…"]


def test_that_only_one_panel_lies_under_the_canvas(panel, page):
    page.overlays.toggle_code()
    assert (panel.isHidden(), page.overlays.code.isHidden()) == (True, False)
    page.overlays.compare_with_last_run()
    assert (panel.isHidden(), page.overlays.code.isHidden()) == (False, True)
    page.overlays.toggle_compare()
    assert panel.isHidden()


class Watch(QObject):
    """Notes what is shown as a window."""

    def __init__(self) -> None:
        super().__init__()
        self.windows: list[str] = []

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.windows.append(type(watched).__name__)
        return False


def test_that_the_panel_shows_no_window_while_it_is_made(qapp, qtbot, session):
    watch = Watch()
    qapp.installEventFilter(watch)
    qtbot.addWidget(ComparePanel(session))
    qapp.removeEventFilter(watch)
    assert watch.windows == []


def test_that_nothing_is_compared_in_another_project(panel, session, tmp_path):
    session.start(Project(name="next"), tmp_path / "next", draft=True)
    assert panel.difference is None
    assert not panel.copy_button.isEnabled()
    assert heading(panel) == "Compare with…"


TINY = """{"class_name": "Sequential", "config": {"name": "tiny", "layers": [
    {"class_name": "InputLayer", "config": {"batch_shape": [null, 8, 8, 1], "dtype": "float32", "name": "in"}},
    {"class_name": "Flatten", "config": {"name": "flat", "dtype": "float32"}},
    {"class_name": "Dense", "config": {"name": "out", "units": 10, "activation": "softmax", "dtype": "float32"}}
]}, "keras_version": "3.15.1"}"""


def test_that_on_a_small_page_nothing_is_cut_off_and_the_canvas_keeps_more_than_half(panel, page, session, qtbot):
    session.edit_graph("Set", lambda graph: edits.set_params(graph, "b", {"units": 5}))
    page.resize(1030, 560)
    qtbot.waitUntil(lambda: bool(panel.difference) and counts(panel) == [])
    choose = panel.findChild(QPushButton, "compare_choose")
    assert choose.width() >= choose.sizeHint().width()
    assert sum(panel.tree.columnWidth(place) for place in range(5)) <= panel.tree.viewport().width()
    assert page.view.height() > panel.height()
    page.resize(1500, 900)
    qtbot.waitUntil(lambda: counts(panel) == ["1 changed"])
