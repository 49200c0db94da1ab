"""How a GPU's load is asked for, with a driver's answers in the place of a driver."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pynvml
import pytest

from workbench.engine.watching.load import gpu_reader


class Driver:
    """Answers as the library of a driver with two GPUs would."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.lost = False
        monkeypatch.setattr(pynvml, "nvmlInit", lambda: None)
        monkeypatch.setattr(pynvml, "nvmlDeviceGetHandleByIndex", self.by_index)
        monkeypatch.setattr(pynvml, "nvmlDeviceGetHandleByUUID", lambda name: f"named {name}")
        monkeypatch.setattr(pynvml, "nvmlDeviceGetMemoryInfo", self.memory)
        monkeypatch.setattr(pynvml, "nvmlDeviceGetUtilizationRates", lambda handle: SimpleNamespace(gpu=25))
        self.asked: list[str] = []

    def by_index(self, number: int) -> str:
        if number > 1:
            raise pynvml.NVMLError(pynvml.NVML_ERROR_INVALID_ARGUMENT)
        return f"number {number}"

    def memory(self, handle: str) -> Any:
        if self.lost:
            raise pynvml.NVMLError(pynvml.NVML_ERROR_GPU_IS_LOST)
        self.asked.append(handle)
        return SimpleNamespace(used=10, total=40)


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> Driver:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    return Driver(monkeypatch)


def test_that_without_a_driver_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_driver() -> None:
        raise pynvml.NVMLError(pynvml.NVML_ERROR_LIBRARY_NOT_FOUND)

    monkeypatch.setattr(pynvml, "nvmlInit", no_driver)
    assert gpu_reader(0) is None


def test_that_a_gpu_tells_its_load_until_its_driver_is_lost(driver: Driver) -> None:
    read = gpu_reader(1)
    assert read is not None
    assert read() == (0.25, 10, 40)
    driver.lost = True
    assert read() == (None, None, None)
    assert gpu_reader(2) is None


@pytest.mark.parametrize(("seen", "asked"), [("1,0", "number 1"), ("GPU-7f, 1", "named GPU-7f")])
def test_that_the_gpu_is_the_one_that_tensorflow_sees(
    driver: Driver, monkeypatch: pytest.MonkeyPatch, seen: str, asked: str
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", seen)
    read = gpu_reader(0)
    assert read is not None
    read()
    assert driver.asked == [asked]
