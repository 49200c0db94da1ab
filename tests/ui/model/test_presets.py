"""The cards of architectures: in order, with their sizes, the published ones apart."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ui.pages.model_presets import PresetCards
from ui.session import Session
from ui.widgets import SectionHeader
from workbench.data.spec import DatasetInfo
from workbench.project.model import Project
from workbench.project.presets import architectures, preset


def photographs() -> Project:
    info = DatasetInfo(
        title="photographs",
        kind="image",
        task="classification",
        input_shape=(96, 96, 3),
        classes=("cat", "dog"),
        samples=100,
        train_samples=70,
        validation_samples=15,
        test_samples=15,
    )
    return Project(info=info)


def shown(session: Session, qtbot: QtBot) -> PresetCards:
    session.do("Pick data", lambda _: photographs())
    cards = PresetCards(session)
    qtbot.addWidget(cards)
    cards.refresh()
    cards.resize(296, 4000)
    cards.show()
    qtbot.waitExposed(cards)
    return cards


def test_that_cards_tell_how_large_each_is_and_where_it_is_from(session: Session, qtbot: QtBot) -> None:
    cards = shown(session, qtbot)
    card = cards.cards["resnet50"]
    assert "25.6 M" in [label.text() for label in card.findChildren(QLabel)]
    assert "1512.03385" in card.toolTip()
    assert "25,610,152" in "".join(label.toolTip() for label in card.findChildren(QLabel))
    assert all(other.width() <= 296 for other in cards.cards.values())


def test_that_the_published_ones_stand_below_a_title_of_their_own(session: Session, qtbot: QtBot) -> None:
    cards = shown(session, qtbot)
    assert list(cards.cards) == [found.name for found in architectures(session.project.info)]
    titles = cards.findChildren(SectionHeader)
    assert len(titles) == 1
    for name, card in cards.cards.items():
        assert (card.y() > titles[0].y()) == preset(name).as_published, name


def test_that_few_cards_need_no_title(session: Session, qtbot: QtBot) -> None:
    session.do("Pick data", lambda _: photographs())
    cards = PresetCards(session, most=3)
    qtbot.addWidget(cards)
    cards.refresh()
    assert len(cards.cards) == 3
    assert not cards.findChildren(SectionHeader)
