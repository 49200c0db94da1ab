"""The right panel of the Data page: what was found in the data, and the choices about them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from ui.canvas.words import counted
from ui.pages.data_balance import BalanceBars
from ui.pages.data_choices import Choices, ColumnChoices, PictureChoices, SplitChoices, TargetChoices
from ui.pages.data_further import FurtherChoices
from ui.pages.data_problems import Problems
from ui.pages.data_reading import ReadingChoices
from ui.theme import S1, S2, S4
from ui.widgets import Heading, LinkButton, Scroll, SectionHeader, Text
from workbench.data.spec import DatasetInfo, DatasetSpec

FEW_CLASSES = 12


class FoundPanel(QFrame):
    """Facts, problems, class balance and choices; `spec_wanted` asks for another spec (see `Choices.wanted`)."""

    spec_wanted = Signal(object, str, object)
    class_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = Heading("")
        self.title.setWordWrap(True)
        self.facts = QGridLayout()
        self.facts.setHorizontalSpacing(S4)
        self.facts.setVerticalSpacing(S1)
        self.facts.setColumnStretch(1, 1)
        self.problems = Problems()
        self.balance = BalanceBars()
        self.balance.chosen.connect(self.class_chosen)
        self.target, self.further, self.columns = TargetChoices(), FurtherChoices(), ColumnChoices()
        self.pictures, self.split = PictureChoices(), SplitChoices()
        self.reading = ReadingChoices()
        self._choices = (self.target, self.further, self.columns, self.pictures, self.split, self.reading)
        self.setProperty("kind", "panel")
        scroll = Scroll(self, margin=S4)
        self._box = scroll.body
        self._box.addWidget(self.title)
        self._box.addLayout(self.facts)
        self._sections: dict[str, tuple[QWidget, QWidget]] = {}
        self._section("problems", self.tr("To look at"), self.problems)
        self._section("target", self.tr("What to predict"), self.target)
        self._section("further", self.tr("Also to predict"), self.further)
        self._section("balance", self.tr("Classes"), self._balance_box())
        self._section("split", self.tr("Split"), self.split)
        self._section("pictures", self.tr("Pictures"), self.pictures)
        self._section("columns", self.tr("Columns"), self.columns)
        self._section("reading", self.tr("How the file is read"), self.reading)
        self._box.addStretch(1)
        for choices in self._choices:
            choices.wanted.connect(self.spec_wanted)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def _balance_box(self) -> QWidget:
        """The bars, and where there are many classes a button that shows the rest."""
        self.more = LinkButton("")
        self.more.setObjectName("more_classes")
        self.more.setCheckable(True)
        self.more.toggled.connect(self._show_balance)
        holder = QWidget()
        box = QVBoxLayout(holder)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(S1)
        box.addWidget(self.balance)
        box.addWidget(self.more)
        return holder

    def _show_balance(self) -> None:
        count = len(self.balance.names)
        whole = self.more.isChecked() or count <= FEW_CLASSES
        self.balance.show_rows(count if whole else FEW_CLASSES)
        self.more.setVisible(count > FEW_CLASSES)
        fewer, every = self.tr("Show fewer"), self.tr("Show all {count} classes").format(count=count)
        self.more.setText(fewer if whole else every)

    def _section(self, name: str, title: str, body: QWidget) -> None:
        header = SectionHeader(title)
        self._box.addSpacing(S2)
        self._box.addWidget(header)
        self._box.addWidget(body)
        self._sections[name] = (header, body)

    def _show_section(self, name: str, shown: bool) -> None:
        for widget in self._sections[name]:
            widget.setVisible(shown)

    def show_found(self, info: DatasetInfo, spec: DatasetSpec) -> None:
        """Show what was found under these choices."""
        self.title.setText(info.title)
        self._show_facts(info)
        self.problems.show_problems(info.problems)
        self._show_section("problems", bool(info.problems))
        shown: dict[str, tuple[Choices, bool]] = {
            "target": (self.target, spec.source in ("csv", "npz")),
            "further": (self.further, bool(info.further or info.further_choices)),
            "pictures": (self.pictures, info.kind == "image"),
            "columns": (self.columns, info.kind == "table"),
            "reading": (self.reading, spec.source == "csv"),
            "split": (self.split, True),
        }
        for name, (choices, fits) in shown.items():
            self._show_section(name, fits)
            if fits:
                choices.show_choices(info, spec)  # type: ignore[attr-defined]
        self._show_section("balance", info.task == "classification")
        self.balance.show_counts(info.classes, info.class_counts)
        self._show_balance()

    def expect(self, spec: DatasetSpec) -> None:
        """Let the choices build upon this spec until the next `show_found`."""
        for choices in self._choices:
            choices.spec = spec

    def _show_facts(self, info: DatasetInfo) -> None:
        while (item := self.facts.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for row, (name, value) in enumerate(self.fact_words(info)):
            self.facts.addWidget(Text(name, "muted", wrap=False), row, 0, Qt.AlignmentFlag.AlignTop)
            self.facts.addWidget(Text(value), row, 1)

    def fact_words(self, info: DatasetInfo) -> list[tuple[str, str]]:
        """What was found, as pairs of a name and a value."""
        kinds = {"image": self.tr("Pictures"), "table": self.tr("Table"), "array": self.tr("Arrays")}
        shape = " × ".join(str(side) for side in info.input_shape)
        if info.kind == "image":
            colour = self.tr("colour") if info.input_shape[-1] == 3 else self.tr("grey")
            shape = f"{info.input_shape[1]} × {info.input_shape[0]} px, {colour}"
        elif info.kind == "table":
            used = sum(column.kind in ("numeric", "categorical") for column in info.columns)
            numbers = counted(info.input_shape[0], self.tr("1 number"), self.tr("%1 numbers"))
            columns = counted(used, self.tr("1 column"), self.tr("%1 columns"))
            shape = self.tr("{columns}, {numbers} once encoded").format(columns=columns, numbers=numbers)
        facts = [
            (self.tr("Kind"), kinds[info.kind]),
            (self.tr("Samples"), f"{info.samples:,}"),
            (self.tr("Each sample"), shape),
        ]
        if info.task == "classification":
            facts.append((self.tr("Task"), self.tr("Classification, {count} classes").format(count=len(info.classes))))
        else:
            facts.append((self.tr("Task"), self.tr("Regression")))
        if info.target:
            facts.append((self.tr("Predicts"), info.target))
        if info.further:
            facts.append((self.tr("Also"), ", ".join(target.name for target in info.further)))
        if info.weight:
            facts.append((self.tr("Weighed by"), info.weight))
        if info.target_range is not None:
            low, high = info.target_range
            facts.append((self.tr("Range"), self.tr("{low} to {high}").format(low=f"{low:g}", high=f"{high:g}")))
        return facts
