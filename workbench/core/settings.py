"""The user's settings: one JSON file that holds only what differs from the defaults; a bad key costs that key alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from workbench.core.errors import FileError
from workbench.core.files import read_json, write_json

APP = "keras-workbench"
MOST_RECENT = 12
MOST_LAYOUTS = 200


class Settings(BaseModel):
    """What the program remembers between two sessions."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    theme: Literal["system", "light", "dark"] = Field("system", description="Light, dark, or as the desktop is.")
    reduced_motion: bool = Field(False, description="Show changes at once, without motion.")
    recent: tuple[str, ...] = Field((), description="Folders of the projects opened last, newest first.")
    geometry: str = Field("", description="Place and size of the window, as Qt tells it, in base 64.")
    layouts: dict[str, tuple[int, ...]] = Field(
        default_factory=dict, description="Widths of the side panels, by project and page."
    )
    minimap: bool = Field(True, description="Show an overview of a drawing that is larger than its view.")

    def with_recent(self, folder: Path) -> Settings:
        """The settings with a project at the head of the recent ones."""
        name = str(folder)
        rest = tuple(other for other in self.recent if other != name)
        return self.model_copy(update={"recent": (name, *rest)[:MOST_RECENT]})

    def without_recent(self, folder: Path) -> Settings:
        """The settings without a project among the recent ones."""
        name = str(folder)
        return self.model_copy(update={"recent": tuple(other for other in self.recent if other != name)})

    def with_layout(self, key: str, widths: tuple[int, ...]) -> Settings:
        """The settings with the side panels of one page remembered; the oldest are forgotten."""
        layouts = {name: value for name, value in self.layouts.items() if name != key}
        layouts[key] = widths
        kept = dict(list(layouts.items())[-MOST_LAYOUTS:])
        return self.model_copy(update={"layouts": kept})


def settings_file() -> Path:
    """Where the settings are kept."""
    return Path(platformdirs.user_config_dir(APP, appauthor=False)) / "settings.json"


def load_settings() -> Settings:
    """The settings as they were saved; what cannot be read or understood takes its default."""
    try:
        record = read_json(settings_file())
    except FileError:
        return Settings()
    if not isinstance(record, dict):
        return Settings()
    kept: dict[str, Any] = {}
    for key, value in record.items():
        try:
            Settings.model_validate({key: value})
        except ValidationError:
            continue
        kept[key] = value
    return Settings.model_validate(kept)


def save_settings(settings: Settings) -> None:
    """Write the settings.

    Raises:
        FileError: The system refused.
    """
    write_json(settings_file(), settings.model_dump(mode="json", exclude_defaults=True))
