"""The drawing as a file: lines and letters, light, tight, and the canvas unchanged."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QFileDialog

from ui.canvas.publish import publish
from ui.theme import LIGHT, apply_theme, tokens
from workbench.core.errors import UsageError


def test_that_an_svg_holds_the_words_as_letters_and_no_pixels(page, tmp_path):
    path = tmp_path / "drawing.svg"
    publish(page.canvas, path)
    text = path.read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)
    assert root.tag.endswith("svg")
    for words in ("Dense", "Flatten", "Dropout", "32 units"):
        assert words in text
    assert "<image" not in text


def test_that_the_picture_is_no_larger_than_the_drawing(page, tmp_path):
    path = tmp_path / "drawing.svg"
    publish(page.canvas, path)
    _, _, width, height = map(float, re.search(r'viewBox="([^"]+)"', path.read_text()).group(1).split())
    area = page.canvas.bounds()
    assert area.width() < width < area.width() + 60
    assert area.height() < height < area.height() + 60


def test_that_a_pdf_is_one_page_with_its_fonts(page, tmp_path):
    path = tmp_path / "drawing.pdf"
    publish(page.canvas, path)
    data = path.read_bytes()
    assert data.startswith(b"%PDF")
    assert b"/FontFile" in data
    assert b"/Subtype /Image" not in data


def test_that_a_png_is_light_also_while_the_window_is_dark(page, tmp_path, qapp, restored_theme):
    apply_theme(qapp, "dark")
    page.canvas.select(["b"])
    publish(page.canvas, tmp_path / "drawing.png")
    image = QImage(str(tmp_path / "drawing.png"))
    assert image.pixelColor(1, 1) == QColor(LIGHT.surface)
    assert image.width() > 2 * page.canvas.bounds().width()
    assert tokens().dark
    found = {image.pixelColor(x, y).name() for x in range(0, image.width(), 7) for y in range(0, image.height(), 3)}
    assert QColor(LIGHT.wash).name() not in found


def test_that_the_canvas_is_as_it_was(page, tmp_path):
    page.canvas.select(["b"])
    picked = []
    page.canvas.picked.connect(picked.append)
    modes = {node: item.cacheMode() for node, item in page.canvas.nodes.items()}
    publish(page.canvas, tmp_path / "drawing.svg")
    assert page.canvas.selection() == ["b"]
    assert picked in ([], [["b"]])
    assert modes == {node: item.cacheMode() for node, item in page.canvas.nodes.items()}


def test_that_another_ending_is_refused_in_words(page, tmp_path):
    with pytest.raises(UsageError, match="SVG, PDF or PNG"):
        publish(page.canvas, tmp_path / "drawing.bmp")
    assert list(tmp_path.glob("drawing*")) == []


def test_that_the_action_asks_for_a_file_writes_it_and_says_so(page, session, tmp_path, monkeypatch):
    chosen = str(tmp_path / "figure")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (chosen, "PDF page (*.pdf)"))
    told = []
    session.noticed.connect(lambda level, words, hint: told.append((level, words)))
    next(action for action in page.actions_here() if action.id == "model.publish").run()
    assert (tmp_path / "figure.pdf").exists()
    assert told == [("info", "The drawing was published as figure.pdf.")]


def test_that_a_folder_that_refuses_is_told(page, session, tmp_path):
    (tmp_path / "file").write_text("")
    told = []
    session.noticed.connect(lambda level, words, hint: told.append(level))
    page.overlays.publish_to(tmp_path / "file" / "drawing.svg")
    assert told == ["error"]
