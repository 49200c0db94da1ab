"""What a run last said: a failure or a warning as a note, that it ended well in a few words elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from ui.widgets import Note
from workbench.core.events import Event, Notice, RunEnded, RunStarted


class RunMessage(Note):
    """Seen while there is something wrong to be told."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent=parent)
        self.setObjectName("run_message")
        self.hide()

    def tell(self, events: Sequence[Event]) -> str:
        """Show a run's last word, or a warning on its way; that it is loading or compiling is told elsewhere.

        Returns:
            The last word of a run that ended well, which needs no room of its own.
        """
        # A run that goes on has taken its last word back.
        begun = max((place for place, event in enumerate(events) if isinstance(event, RunStarted)), default=0)
        spoken = [event for event in events[begun:] if isinstance(event, RunEnded | Notice) and _is_spoken(event)]
        last = spoken[-1] if spoken else None
        words = f"{last.message} {last.hint}".strip() if last is not None else ""
        well = isinstance(last, RunEnded) and last.outcome != "failed"
        self.setVisible(bool(words) and not well)
        if words and not well:
            self.set(words, "warning" if isinstance(last, Notice) else "danger")
        return words if well else ""


def _is_spoken(event: RunEnded | Notice) -> bool:
    return isinstance(event, RunEnded) or event.level == "warning"
