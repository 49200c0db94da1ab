"""The building blocks of every page, in one look."""

from ui.widgets.basics import disclose, restyle, set_icon, set_reason, set_state
from ui.widgets.buttons import DangerButton, IconButton, LinkButton, PrimaryButton, QuietButton
from ui.widgets.empty import EmptyState
from ui.widgets.fields import Field
from ui.widgets.flow import FlowLayout
from ui.widgets.frames import Card, Line, Note, Panel, Scroll, column, row
from ui.widgets.progress import ProgressRow
from ui.widgets.splitter import Splitter
from ui.widgets.table import Column, Table
from ui.widgets.text import Badge, BigNumber, Caption, ElidedLabel, Heading, SectionHeader, Text, Title

__all__ = [
    "Badge",
    "BigNumber",
    "Caption",
    "Card",
    "Column",
    "DangerButton",
    "ElidedLabel",
    "EmptyState",
    "Field",
    "FlowLayout",
    "Heading",
    "IconButton",
    "Line",
    "LinkButton",
    "Note",
    "Panel",
    "PrimaryButton",
    "ProgressRow",
    "QuietButton",
    "Scroll",
    "SectionHeader",
    "Splitter",
    "Table",
    "Text",
    "Title",
    "column",
    "disclose",
    "restyle",
    "row",
    "set_icon",
    "set_reason",
    "set_state",
]
