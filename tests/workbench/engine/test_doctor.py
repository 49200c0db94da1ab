from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from workbench.engine import doctor
from workbench.engine.doctor import Facts, diagnose, why_no_gpu

WELL = Facts(
    system="Linux",
    machine="x86_64",
    tensorflow="2.21.0",
    cuda_build=True,
    cuda_wheels=True,
    cpu_wheel=False,
    vendors=frozenset({"0x10de"}),
    driver="550.54.14",
)


def test_that_the_diagnosis_of_this_machine_is_plain_json() -> None:
    found = diagnose()
    told = json.loads(json.dumps(found.to_json()))
    assert told["versions"]["tensorflow"]
    assert told["cores"] >= 1
    assert told["memory"] > told["free_memory"] > 0
    assert told["devices"][-1]["id"] == "cpu"
    assert bool(told["gpu_missing"]) is (told["in_use"] == "cpu")


@pytest.mark.parametrize(
    ("changes", "reason", "remedy"),
    [
        ({"system": "Darwin"}, "macOS", "CPU"),
        ({"system": "Windows"}, "2.10", "wsl --install"),
        ({"visible": "-1"}, "CUDA_VISIBLE_DEVICES", "unset"),
        ({"vendors": frozenset(), "driver": ""}, "no NVIDIA GPU", "CPU"),
        ({"vendors": frozenset({"0x1002"}), "driver": ""}, "AMD", "tensorflow-rocm"),
        ({"driver": ""}, "no driver", "ubuntu-drivers install"),
        ({"driver": "", "container": True}, "container", "--gpus all"),
        ({"driver": "", "wsl": True}, "Windows's Linux", "wsl --shutdown"),
        ({"cpu_wheel": True}, "tensorflow-cpu", "pip uninstall -y tensorflow-cpu"),
        ({"cuda_build": False}, "without GPU support", 'pip install "tensorflow[and-cuda]==2.21.0"'),
        ({"cuda_build": False, "machine": "aarch64"}, "aarch64", "x86-64"),
        ({"cuda_wheels": False}, "CUDA libraries", 'pip install "tensorflow[and-cuda]==2.21.0"'),
        ({}, "too old", "nvidia-smi"),
    ],
)
def test_that_each_reason_for_no_gpu_has_its_own_remedy(changes: dict[str, object], reason: str, remedy: str) -> None:
    why, what_to_do = why_no_gpu(dataclasses.replace(WELL, **changes))
    assert reason in why
    assert remedy in what_to_do


def test_that_display_controllers_and_the_driver_are_read_from_the_system(tmp_path: Path) -> None:
    for name, kind, vendor in (("a", "0x030000", "0x10de"), ("b", "0x020000", "0x8086"), ("c", "0x120000", "0x1002")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "class").write_text(f"{kind}\n")
        (tmp_path / name / "vendor").write_text(f"{vendor}\n")
    (tmp_path / "version").write_text("NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.14  Thu Feb 22\n")
    assert doctor._display_vendors(tmp_path) == {"0x10de", "0x1002"}
    assert doctor._driver_version(tmp_path / "version") == "550.54.14"
    assert doctor._driver_version(tmp_path / "nothing") == ""
