"""The Qt palette of a look, for everything that the style draws itself."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette

from ui.theme.tokens import Tokens


def palette(t: Tokens) -> QPalette:
    """Every role of Qt's palette, from the tokens."""
    role = QPalette.ColorRole
    colors = {
        role.Window: t.window,
        role.WindowText: t.text,
        role.Base: t.surface,
        role.AlternateBase: t.window,
        role.Text: t.text,
        role.Button: t.raised,
        role.ButtonText: t.text,
        role.BrightText: t.danger,
        role.Highlight: t.accent,
        role.HighlightedText: t.on_accent,
        role.Accent: t.accent,
        role.Link: t.accent,
        role.LinkVisited: t.accent,
        role.ToolTipBase: t.raised,
        role.ToolTipText: t.text,
        role.PlaceholderText: t.faint,
        role.Light: t.raised,
        role.Midlight: t.hover,
        role.Mid: t.border,
        role.Dark: t.strong_border,
        role.Shadow: t.shadow,
    }
    result = QPalette()
    for key, value in colors.items():
        result.setColor(key, QColor(value))
    for key in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, key, QColor(t.faint))
    result.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(t.strong_border))
    result.setColor(QPalette.ColorGroup.Inactive, role.Highlight, QColor(t.wash))
    result.setColor(QPalette.ColorGroup.Inactive, role.HighlightedText, QColor(t.text))
    return result
