"""The Data page over a session of its own, with real data to pick, by mouse and keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from ui.pages.data import DataPage
from ui.session import Session

PATIENCE_MS = 30_000
CSV = "age,city,income,bought\n" + "".join(
    f"{20 + row % 40},{('Rome', 'Oslo', 'Lima')[row % 3]},{1000 + 13 * row},{('yes', 'no')[row % 2]}\n"
    for row in range(90)
)


class Stage:
    """A session on a draft project and the page over it."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.session = Session()
        self.page = DataPage(self.session)
        qtbot.addWidget(self.page)
        self.page.resize(1300, 800)
        self.page.show()
        qtbot.waitExposed(self.page)

    def close(self) -> None:
        self.session.close()
        # pytest keeps this object for a while; the page's plots must go with the page.
        vars(self).clear()

    def settle(self) -> None:
        """Wait until nothing is being read and what was read is shown."""
        self.qtbot.waitUntil(lambda: self.session.loading is None, timeout=PATIENCE_MS)
        self.qtbot.wait(10)

    def pick(self, source: str) -> None:
        self.page.pick(source)
        self.settle()

    def click(self, widget: object) -> None:
        self.qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)

    @property
    def spec(self) -> object:
        return self.session.project.dataset


@pytest.fixture
def stage(qtbot: QtBot) -> Iterator[Stage]:
    made = Stage(qtbot)
    yield made
    made.close()


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    """A table of 90 customers."""
    path = tmp_path / "shop.csv"
    path.write_text(CSV, encoding="utf-8")
    return path


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """24 pictures in a folder for each of two classes, and a file that is none."""
    folder = tmp_path / "shapes"
    generator = np.random.default_rng(0)
    for name, count in (("dark", 14), ("light", 10)):
        (folder / name).mkdir(parents=True)
        for number in range(count):
            pixels = generator.integers(0, 90, (12, 16, 3)) + (150 if name == "light" else 0)
            Image.fromarray(pixels.astype(np.uint8)).save(folder / name / f"{number}.png")
    (folder / "dark" / "broken.png").write_bytes(b"no picture")
    return folder
