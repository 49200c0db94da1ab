"""Settings: non-defaults only, and a bad key costs that key alone."""

from __future__ import annotations

import json
from pathlib import Path

from workbench.core.settings import MOST_LAYOUTS, MOST_RECENT, Settings, load_settings, save_settings, settings_file


def test_that_only_what_differs_from_the_defaults_is_written() -> None:
    save_settings(Settings(theme="dark"))
    assert json.loads(settings_file().read_text(encoding="utf-8")) == {"theme": "dark"}
    assert load_settings() == Settings(theme="dark")


def test_that_a_bad_key_costs_that_key() -> None:
    settings_file().parent.mkdir(parents=True)
    settings_file().write_text('{"theme": "pink", "recent": ["/a"], "from_the_future": 1}', encoding="utf-8")
    assert load_settings() == Settings(recent=("/a",))


def test_that_a_torn_file_gives_the_defaults() -> None:
    settings_file().parent.mkdir(parents=True)
    for text in ('{"theme": "da', "[]", ""):
        settings_file().write_text(text, encoding="utf-8")
        assert load_settings() == Settings()


def test_that_recent_projects_are_few_and_named_once() -> None:
    settings = Settings()
    for number in range(30):
        settings = settings.with_recent(Path(f"/p{number % 20}"))
    assert len(settings.recent) == MOST_RECENT
    assert settings.recent[0] == str(Path("/p9"))
    assert len(set(settings.recent)) == MOST_RECENT
    assert str(Path("/p9")) not in settings.without_recent(Path("/p9")).recent


def test_that_the_oldest_layouts_are_forgotten() -> None:
    settings = Settings()
    for number in range(MOST_LAYOUTS + 5):
        settings = settings.with_layout(f"/p{number}|data", (240, 320))
    assert len(settings.layouts) == MOST_LAYOUTS
    assert "/p0|data" not in settings.layouts
