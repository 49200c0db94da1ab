"""Files for other programs in a run's folder: `epochs.csv`, and event files that TensorBoard opens.

Both follow from the run's own log, so a run that is gone on with writes them anew up to where it goes on.
"""

from __future__ import annotations

import csv
import io
import logging
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import tensorflow as tf
from tensorflow.core.framework import summary_pb2

from workbench.core import files
from workbench.core.errors import FileError
from workbench.core.events import EpochEnded

log = logging.getLogger(__name__)

CSV_FILE = "epochs.csv"
TENSORBOARD = "tensorboard"
Refused = Callable[[str], None]


class EpochTable:
    """`epochs.csv`: a row an epoch, counted from 1, with every figure, the learning rate and the seconds.

    Args:
        path: The run's folder.
        past: The epochs behind the run.
    """

    name = CSV_FILE

    def __init__(self, path: Path, past: Sequence[EpochEnded]) -> None:
        self._path = path / CSV_FILE
        self._epochs = list(past)
        self._whole = False  # written anew with the next row: what is there may go beyond where the run goes on
        if not past:
            self._path.unlink(missing_ok=True)

    def add(self, epoch: EpochEnded) -> None:
        """Write an epoch's row, and those that the disk refused before."""
        self._epochs.append(epoch)
        if self._whole:
            self._whole = False
            files.append_line(self._path, self._row(epoch))
            self._whole = True
        else:
            self._write()

    def _write(self) -> None:
        head = _line(["epoch", *self._epochs[0].metrics, "learning_rate", "gradient_norm", "seconds"])
        files.write_text(self._path, "\n".join([head, *map(self._row, self._epochs)]) + "\n")
        self._whole = True

    def _row(self, epoch: EpochEnded) -> str:
        figures = [epoch.metrics.get(name, "") for name in self._epochs[0].metrics]
        return _line([epoch.epoch, *figures, epoch.learning_rate, epoch.gradient_norm, round(epoch.seconds, 3)])

    def close(self) -> None:
        """Write what the disk refused before."""
        if self._epochs and not self._whole:
            self._write()


def _line(values: Sequence[Any]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(values)
    return text.getvalue()


class EventFiles:
    """TensorBoard's event files, named as Keras's TensorBoard callback names them: `train` and `validation` apart.

    Args:
        path: The run's folder.
        past: The epochs behind the run.
    """

    name = TENSORBOARD

    def __init__(self, path: Path, past: Sequence[EpochEnded]) -> None:
        self._path = path / TENSORBOARD
        self._writers: dict[str, Any] = {}
        if self._path.exists():
            shutil.rmtree(self._path)
        for epoch in past:
            self._add(epoch)

    def add(self, epoch: EpochEnded) -> None:
        """Write an epoch's figures where TensorBoard sees them at once."""
        self._add(epoch)
        for writer in self._writers.values():
            writer.flush()

    def _add(self, epoch: EpochEnded) -> None:
        measured = dict(epoch.metrics)
        if epoch.learning_rate is not None:
            measured["learning_rate"] = epoch.learning_rate
        for name, value in measured.items():
            validated = name.startswith("val_")
            with self._writer("validation" if validated else "train").as_default():
                # What tf.summary.scalar does, which needs TensorBoard itself.
                tf.summary.write(
                    f"epoch_{name.removeprefix('val_')}",
                    tf.constant(value, tf.float32),
                    step=epoch.epoch - 1,
                    metadata=_SCALAR,
                )

    def _writer(self, part: str) -> Any:
        if part not in self._writers:
            self._writers[part] = tf.summary.create_file_writer(str(self._path / part))
        return self._writers[part]

    def close(self) -> None:
        """Write no more."""
        for writer in self._writers.values():
            writer.close()
        self._writers = {}


_SCALAR = summary_pb2.SummaryMetadata(
    plugin_data=summary_pb2.SummaryMetadata.PluginData(plugin_name="scalars"),
    data_class=summary_pb2.DATA_CLASS_SCALAR,
)
FAILURES = (FileError, OSError, tf.errors.OpError)


class Logs:
    """A run's log files; what the disk refuses is told of once and tried again, and the run goes on.

    Args:
        path: The run's folder.
        csv: Write `epochs.csv`.
        tensorboard: Write event files.
        past: The epochs behind the run.
        refused: Told once of each file which the disk refused.
    """

    def __init__(
        self, path: Path, *, csv: bool, tensorboard: bool, past: Sequence[EpochEnded], refused: Refused
    ) -> None:
        self._refused = refused
        self._told: set[str] = set()
        self._open: list[EpochTable | EventFiles] = []
        for kind, wanted in ((EpochTable, csv), (EventFiles, tensorboard)):
            if wanted:
                try:
                    self._open.append(kind(path, past))
                except FAILURES as error:
                    self._failed(kind.name, error)

    def add(self, epoch: EpochEnded) -> None:
        """Write an epoch to all of them."""
        for file in self._open:
            try:
                file.add(epoch)
            except FAILURES as error:
                self._failed(file.name, error)

    def close(self) -> None:
        """Write no more."""
        for file in self._open:
            try:
                file.close()
            except FAILURES as error:
                self._failed(file.name, error)
        self._open = []

    def _failed(self, name: str, error: Exception) -> None:
        log.warning("%s could not be written: %s", name, error)
        if name not in self._told:
            self._told.add(name)
            self._refused(name)
