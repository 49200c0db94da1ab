"""The look: contrast, flipping, icons, and that nothing outside the theme names a colour."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

import ui
from ui.theme import DARK, LIGHT, Tokens, apply_theme, icon, theme, tokens
from ui.theme.stylesheet import stylesheet
from ui.widgets import set_icon, set_reason

GROUNDS = ("window", "surface", "raised", "hover")
WORDS = ("text", "muted", "faint", "accent", "good", "warning", "danger")
PAIRS = [
    *itertools.product(WORDS, GROUNDS[:3]),
    *itertools.product(("text", "muted"), ("hover", "pressed", "wash")),
    ("accent", "wash"),
    ("good", "good_wash"),
    ("warning", "warning_wash"),
    ("danger", "danger_wash"),
    ("text", "good_wash"),
    ("text", "warning_wash"),
    ("text", "danger_wash"),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("on_accent", "accent_pressed"),
    ("on_danger", "danger"),
    ("on_danger", "danger_hover"),
]


def luminance(color: str) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(part) for part in QColor(color).getRgbF()[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.fixture
def restored(qapp: QApplication) -> Iterator[None]:
    yield
    apply_theme(qapp, "light")


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("pair", PAIRS, ids="-on-".join)
def test_that_words_can_be_read_on_their_ground(look: Tokens, pair: tuple[str, str]) -> None:
    assert contrast(getattr(look, pair[0]), getattr(look, pair[1])) >= 4.5


@pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])
def test_that_curves_and_categories_stand_out_from_their_ground(look: Tokens) -> None:
    for color in (look.training, look.validation, *look.categories.values()):
        assert contrast(color, look.surface) >= 3.0


@pytest.mark.usefixtures("restored")
def test_that_the_look_flips_while_the_window_is_open(qapp: QApplication, qtbot: QtBot) -> None:
    button = QPushButton("go")
    qtbot.addWidget(button)
    set_icon(button, "play")
    light_key = button.icon().cacheKey()
    with qtbot.waitSignal(theme().changed):
        apply_theme(qapp, "dark")
    assert tokens() is DARK
    assert qapp.palette().window().color().name().upper() == DARK.window
    assert DARK.accent in qapp.styleSheet()
    assert LIGHT.accent not in qapp.styleSheet()
    assert button.icon().cacheKey() != light_key


def test_that_the_style_sheet_leaves_nothing_open() -> None:
    assert "$" not in stylesheet(LIGHT)


def test_that_every_icon_is_an_outline_that_can_be_tinted(qapp: QApplication) -> None:
    folder = Path(ui.__file__).parent / "theme" / "icons"
    assert (folder / "LICENSE").read_text(encoding="utf-8").startswith("ISC License")
    for path in folder.glob("*.svg"):
        text = path.read_text(encoding="utf-8")
        assert 'stroke="currentColor"' in text, path.name
        assert 'stroke-width="2"' in text, path.name
    assert not icon("play").pixmap(20, 20).isNull()


def test_that_every_icon_that_is_named_is_bundled() -> None:
    root = Path(ui.__file__).parent
    bundled = {path.stem for path in (root / "theme" / "icons").glob("*.svg")}
    askers = r"IconButton|EmptyState|set_icon\([^,()]+,|(?<!set_)(?<!category_)icon|pixmap"
    pattern = re.compile(rf"(?:{askers})\(?\s*\"([a-z0-9-]+)\"")
    for path in root.rglob("*.py"):
        named = set(pattern.findall(path.read_text(encoding="utf-8")))
        assert named <= bundled, f"{path.name} names {named - bundled}"


def test_that_no_colour_stands_outside_the_theme() -> None:
    root = Path(ui.__file__).parent
    for path in root.rglob("*.py"):
        if "theme" not in path.parts:
            found = re.findall(r"[\"'](#[0-9A-Fa-f]{6,8})\b", path.read_text(encoding="utf-8"))
            assert not found, f"{path.name} names {found}"


def test_that_a_disabled_control_says_why(qtbot: QtBot) -> None:
    button = QPushButton("Train")
    button.setToolTip("Start")
    qtbot.addWidget(button)
    set_reason(button, "No data are picked yet.")
    assert not button.isEnabled()
    assert button.toolTip() == "No data are picked yet."
    set_reason(button, None)
    assert button.isEnabled()
    assert button.toolTip() == "Start"
