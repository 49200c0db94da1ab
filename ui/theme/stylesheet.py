"""The style sheet of a look, from its tokens; widgets ask for a variant by the dynamic properties `kind` and `role`."""

from __future__ import annotations

from string import Template

from ui.theme import tokens as sizes
from ui.theme.glyphs import glyph
from ui.theme.tokens import Tokens

_SHEET = Template("""
* { outline: none; }
QWidget { color: $text; font-size: ${BODY}px; }
QMainWindow, QDialog, QWidget#page { background: $window; }
QToolTip { background: $raised; color: $text; border: 1px solid $strong_border; padding: 4px 8px; }

QLabel { background: transparent; }
QLabel[role="title"] { font-size: ${TITLE}px; font-weight: 600; }
QLabel[role="heading"] { font-size: ${HEADING}px; font-weight: 600; }
QLabel[role="section"] { font-size: ${CAPTION}px; font-weight: 600; color: $muted; }
QLabel[role="big"] { font-size: ${BIG}px; font-weight: 600; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="caption"] { font-size: ${CAPTION}px; color: $muted; }
QLabel[role="good"] { color: $good; }
QLabel[role="warning"] { color: $warning; }
QLabel[role="danger"] { color: $danger; }
QLabel[role="code"] { font-family: monospace; font-size: ${CAPTION}px; }
QLabel[badge="neutral"], QLabel[badge="accent"], QLabel[badge="good"], QLabel[badge="warning"], QLabel[badge="danger"] {
    font-size: ${CAPTION}px; border-radius: 9px; padding: 1px 8px; }
QLabel[badge="neutral"] { background: $hover; color: $muted; }
QLabel[badge="accent"] { background: $wash; color: $accent; }
QLabel[badge="good"] { background: $good_wash; color: $good; }
QLabel[badge="warning"] { background: $warning_wash; color: $warning; }
QLabel[badge="danger"] { background: $danger_wash; color: $danger; }

QPushButton { background: $raised; color: $text; border: 1px solid $strong_border; border-radius: ${RADIUS}px;
    padding: 0 12px; min-height: 30px; }
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $pressed; }
QPushButton:checked { background: $wash; border-color: $accent; color: $accent; }
QPushButton:focus { border: 2px solid $accent; padding: 0 11px; min-height: 28px; }
QPushButton:disabled { color: $faint; background: $window; border-color: $border; }
QPushButton[kind="primary"] { background: $accent; color: $on_accent; border: 1px solid $accent; font-weight: 600;
    padding: 0 16px; }
QPushButton[kind="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[kind="primary"]:pressed { background: $accent_pressed; border-color: $accent_pressed; }
QPushButton[kind="primary"]:focus { border: 2px solid $text; padding: 0 15px; }
QPushButton[kind="primary"]:disabled { background: $pressed; border-color: $pressed; color: $muted; }
QPushButton[kind="danger"] { color: $danger; }
QPushButton[kind="danger"]:hover { background: $danger_wash; border-color: $danger; }
QPushButton[kind="danger"]:disabled { color: $faint; }
QPushButton[kind="link"] { background: transparent; border: 1px solid transparent; color: $accent; padding: 0 4px;
    min-height: 22px; font-weight: 500; }
QPushButton[kind="link"]:hover { background: $wash; }
QPushButton[kind="link"]:focus { border: 1px solid $accent; }
QPushButton[kind="link"]:disabled { color: $faint; }
QPushButton[kind="chip"] { background: transparent; border: 1px solid $border; color: $muted; padding: 0 8px;
    min-height: 22px; font-size: ${CAPTION}px; }
QPushButton[kind="chip"]:hover { background: $hover; }
QPushButton[kind="chip"]:checked { background: $wash; border-color: $wash; color: $accent; }
QPushButton[kind="chip"]:focus { border: 1px solid $accent; }
QToolButton { background: transparent; color: $text; border: 1px solid transparent; border-radius: ${RADIUS}px;
    padding: 4px; }
QToolButton:hover { background: $hover; }
QToolButton:pressed { background: $pressed; }
QToolButton:checked { background: $wash; color: $accent; }
QToolButton:focus { border: 1px solid $accent; }
QToolButton:disabled { color: $faint; }
QToolButton::menu-indicator { image: none; }

QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox { background: $surface; color: $text;
    border: 1px solid $strong_border; border-radius: ${RADIUS}px; padding: 0 8px; selection-background-color: $accent;
    selection-color: $on_accent; }
QLineEdit, QAbstractSpinBox, QComboBox { min-height: 28px; }
QPlainTextEdit, QTextEdit { padding: 8px; }
QLineEdit:hover, QAbstractSpinBox:hover, QComboBox:hover { border-color: $faint; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QAbstractSpinBox:focus, QComboBox:focus, QComboBox:on {
    border: 2px solid $accent; padding: 0 7px; min-height: 26px; }
QPlainTextEdit:focus, QTextEdit:focus { padding: 7px; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled { background: $window; color: $faint;
    border-color: $border; }
QLineEdit[invalid="true"], QAbstractSpinBox[invalid="true"], QComboBox[invalid="true"] { border: 2px solid $danger;
    padding: 0 7px; min-height: 26px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { width: 18px; border: none; background: transparent;
    subcontrol-origin: border; margin-right: 2px; border-radius: 3px; }
QAbstractSpinBox::up-button { subcontrol-position: top right; margin-top: 2px; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; margin-bottom: 2px; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: $hover; }
QAbstractSpinBox::up-arrow { image: $up; width: 12px; height: 12px; }
QAbstractSpinBox::down-arrow { image: $down; width: 12px; height: 12px; }
QComboBox { padding-right: 2px; }
QComboBox:focus, QComboBox:on, QComboBox[invalid="true"] { padding-right: 1px; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: $down; width: 14px; height: 14px; }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $strong_border; padding: 4px; }

QCheckBox, QRadioButton { background: transparent; spacing: 8px; min-height: 22px; }
QAbstractItemView::indicator { width: 16px; height: 16px; background: $surface; border: 1px solid $faint;
    border-radius: 4px; }
QAbstractItemView::indicator:checked { background: $accent; border-color: $accent; image: $tick; }
QAbstractItemView::indicator:disabled { border-color: $border; background: $window; }
QAbstractItemView::indicator:checked:disabled { background: $strong_border; border-color: $strong_border;
    image: $tick; }
QCheckBox:disabled, QRadioButton:disabled { color: $faint; }
QCheckBox::indicator, QRadioButton::indicator { width: 16px; height: 16px; background: $surface;
    border: 1px solid $faint; border-radius: 4px; }
QRadioButton::indicator { border-radius: 9px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $accent; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border: 2px solid $accent; width: 14px; height: 14px; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: $tick; }
QCheckBox::indicator:checked:focus { border-color: $text; }
QRadioButton::indicator:checked { border: 5px solid $accent; width: 8px; height: 8px; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { border-color: $border; background: $window; }

QSlider::groove:horizontal { height: 4px; background: $pressed; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent; border-radius: 2px; }
QSlider::handle:horizontal { width: 14px; height: 14px; margin: -6px 0; border-radius: 8px; background: $raised;
    border: 1px solid $strong_border; }
QSlider::handle:horizontal:hover, QSlider::handle:horizontal:focus { border: 2px solid $accent; margin: -7px 0; }
QProgressBar { background: $pressed; border: none; border-radius: 2px; max-height: 4px; min-height: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }

QFrame[kind="card"] { background: $raised; border: 1px solid $border; border-radius: ${CARD_RADIUS}px; }
QFrame[kind="card"][hot="true"] { border-color: $strong_border; background: $hover; }
QFrame[kind="card"][hot="true"]:focus, QFrame[kind="card"]:focus { border: 2px solid $accent; }
QFrame[kind="card"][selected="true"] { border-color: $accent; background: $wash; }
QFrame[kind="row"] { background: transparent; border: 1px solid transparent; border-bottom: 1px solid $border; }
QFrame[kind="row"][hot="true"] { background: $hover; border-radius: ${RADIUS}px; }
QFrame[kind="row"]:focus { border: 1px solid $accent; border-radius: ${RADIUS}px; }
QFrame[kind="panel"], QWidget[kind="panel"] { background: $surface; }
QFrame[kind="line"] { background: $border; max-height: 1px; min-height: 1px; border: none; }
QFrame[kind="vline"] { background: $border; max-width: 1px; min-width: 1px; border: none; }
QFrame[kind="note"] { background: $wash; border: none; border-radius: ${RADIUS}px; }
QFrame[kind="warning"] { background: $warning_wash; border: none; border-radius: ${RADIUS}px; }
QFrame[kind="danger"] { background: $danger_wash; border: none; border-radius: ${RADIUS}px; }
QFrame[kind="good"] { background: $good_wash; border: none; border-radius: ${RADIUS}px; }
QFrame[kind="drop"] { background: transparent; border: 1px dashed $strong_border; border-radius: ${CARD_RADIUS}px; }
QFrame[kind="drop"][hot="true"] { border: 2px dashed $accent; background: $wash; }

QScrollArea, QAbstractScrollArea { background: transparent; border: none; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QAbstractItemView { background: $surface; color: $text; border: none; outline: none;
    alternate-background-color: $window; selection-background-color: $wash; selection-color: $text; }
QListView::item, QTreeView::item { min-height: 28px; padding: 0 8px; border-radius: ${RADIUS}px; }
QTreeView { show-decoration-selected: 0; }
QTreeView::item { padding: 0 4px; }
QTreeView::branch:selected { background: transparent; }
QListView::item:hover, QTreeView::item:hover { background: $hover; }
QListView::item:selected, QTreeView::item:selected, QTableView::item:selected { background: $wash; color: $text; }
QListView::item:focus, QTreeView::item:focus { border: 1px solid $accent; }
QTableView { gridline-color: $border; }
QTableView::item { padding: 0 5px; }
QTableView::item:focus { border: 1px solid $accent; }
QHeaderView, QTableCornerButton::section { background: $surface; border: none; }
QHeaderView::section { background: $surface; color: $muted; font-size: ${CAPTION}px; border: none;
    border-bottom: 1px solid $border; padding: 4px 8px; }
QHeaderView::section:vertical { border-bottom: none; color: $faint; }
QScrollArea > QWidget > QWidget { background: transparent; }
QScrollBar { background: transparent; border: none; }
QScrollBar:vertical { width: 10px; }
QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: $strong_border; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $faint; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page { background: none; width: 0;
    height: 0; }
QSplitter::handle { background: $border; }
QSplitter::handle:hover { background: $accent; }
QTabWidget::pane { border: none; }
QTabBar { background: transparent; }
QTabBar::tab { background: transparent; color: $muted; padding: 6px 12px; border: none;
    border-bottom: 2px solid transparent; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent; }
QTabBar::tab:focus { color: $accent; }

QMenuBar { background: $surface; border-bottom: 1px solid $border; padding: 2px 4px; }
QMenuBar::item { background: transparent; padding: 4px 8px; border-radius: 4px; }
QMenuBar::item:selected { background: $hover; }
QMenu { background: $raised; border: 1px solid $strong_border; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 4px; }
QMenu::icon { padding-left: 8px; }
QMenu::item:selected { background: $wash; color: $text; }
QMenu::item:disabled { color: $faint; }
QMenu::separator { height: 1px; background: $border; margin: 4px 8px; }
QMenu::indicator { width: 14px; height: 14px; left: 4px; }
QMenu::indicator:checked { image: $check; }

QFrame#header { background: $surface; border-bottom: 1px solid $border; }
QFrame#rail { background: $surface; border-right: 1px solid $border; }
QFrame#status { background: $surface; border-top: 1px solid $border; }
QFrame#status QLabel, QFrame#status QPushButton { font-size: ${CAPTION}px; }
QFrame#status QPushButton { min-height: 18px; color: $muted; }
QFrame#status QPushButton[level="danger"] { color: $danger; }
QFrame#status QPushButton[level="warning"] { color: $warning; }
QFrame#status QLabel { color: $muted; }
QFrame#status QLabel[role="danger"] { color: $danger; }
QPushButton#search_box { background: $window; border: 1px solid $border; color: $faint; text-align: left; }
QPushButton#search_box:hover { border-color: $strong_border; }
QPushButton#search_box:focus { border: 2px solid $accent; }
QFrame#palette, QFrame#toast { background: $raised; border: 1px solid $strong_border;
    border-radius: ${CARD_RADIUS}px; }
QLineEdit#runs_search { min-height: 22px; }
QLineEdit#palette_search { border: none; background: transparent; font-size: ${HEADING}px; min-height: 36px; }
QLineEdit#palette_search:focus { border: none; padding: 0 8px; min-height: 36px; }
QFrame#palette QListView { background: transparent; }
QFrame#drop_veil { background: $wash; border: 2px dashed $accent; border-radius: ${CARD_RADIUS}px; }
QLabel#drop_words { color: $accent; font-size: ${TITLE}px; font-weight: 600; }
""")


def stylesheet(t: Tokens) -> str:
    """The whole style sheet of a look."""
    colors = {key: value for key, value in vars(t).items() if isinstance(value, str)}
    numbers = {key: value for key, value in vars(sizes).items() if key.isupper() and isinstance(value, int)}
    glyphs = {
        "up": glyph("chevron-up", t.muted),
        "down": glyph("chevron-down", t.muted),
        "tick": glyph("check", t.on_accent),
        "check": glyph("check", t.text),
    }
    return _SHEET.substitute(colors, **numbers, **glyphs)
