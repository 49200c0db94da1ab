"""The pages by name, each made when it is first asked for, so that the window is up before they are."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from ui.pages.base import Page

if TYPE_CHECKING:
    from ui.main_window import MainWindow

# Name, title, icon and class of each stage, in the order of the work.
STAGES = (
    ("data", "Data", "database", "DataPage"),
    ("model", "Model", "layers", "ModelPage"),
    ("train", "Train", "activity", "TrainPage"),
    ("evaluate", "Evaluate", "target", "EvaluatePage"),
    ("deploy", "Deploy", "rocket", "DeployPage"),
)
_FOLDERS = {"train": "train.page"}
"""The pages that fill a folder, and where they are in it."""
_WITH_TRAINING = ("train", "evaluate", "deploy")


class Shelf(dict[str, Page]):
    """A dict of pages that makes what is missing; `made` is called with each new page."""

    def __init__(self, window: MainWindow, made: Callable[[Page], None]) -> None:
        super().__init__()
        self._window, self._made = window, made

    def __missing__(self, name: str) -> Page:
        page = self._make(name)
        self[name] = page
        self._made(page)
        return page

    def _make(self, name: str) -> Page:
        window = self._window
        if name == "start":
            from ui.pages.start import StartPage

            return StartPage(window.session, window.files)
        stage = next(stage for stage in STAGES if stage[0] == name)
        kind = getattr(import_module(f"ui.pages.{_FOLDERS.get(name, name)}"), stage[3])
        page: Page = kind(window.session, window.training) if name in _WITH_TRAINING else kind(window.session)
        return page

    def next_missing(self) -> str | None:
        """A stage whose page is not made yet."""
        return next((stage[0] for stage in STAGES if stage[0] not in self), None)
