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
        ({"driver": "", "distribution": "ubuntu debian"}, "no driver", "ubuntu-drivers install"),
        ({"driver": "", "distribution": "linuxmint ubuntu debian"}, "no driver", "ubuntu-drivers install"),
        ({"driver": "", "distribution": "fedora"}, "no driver", "dnf install akmod-nvidia"),
        ({"driver": "", "distribution": "plan9"}, "no driver", "your distribution"),
        ({"nodes": False, "container": True}, "device files", "--gpus all"),
        ({"nodes": False}, "/dev/nvidia0", "nvidia-modprobe"),
        ({"driver": "470.182.03", "distribution": "debian"}, "470.182.03 is too old", "apt install nvidia-driver"),
        ({"driver": "525.60.11"}, "525.60.13 or newer", "driver"),
        ({"gpus": (("Tesla K80", 3.7),)}, "Tesla K80 (3.7)", "Pascal"),
        ({"gpus": (("RTX 5090", 12.0),)}, "newer than what TensorFlow 2.21.0", "container"),
        ({"gpus": (("Tesla K80", 3.7), ("T4", 7.5))}, "could not use the GPU", "nvidia-smi"),
        ({"driver": "", "container": True}, "container", "--gpus all"),
        ({"driver": "", "wsl": True}, "Windows's Linux", "wsl --shutdown"),
        ({"cpu_wheel": True}, "tensorflow-cpu", "pip uninstall -y tensorflow-cpu"),
        ({"cuda_build": False}, "without GPU support", 'pip install "tensorflow[and-cuda]==2.21.0"'),
        ({"cuda_build": False, "machine": "aarch64"}, "aarch64", "x86-64"),
        ({"cuda_wheels": False}, "CUDA libraries", 'pip install "tensorflow[and-cuda]==2.21.0"'),
        ({}, "could not use the GPU", "nvidia-smi"),
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


def test_that_the_driver_is_asked_for_its_gpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "nvidia-smi"
    monkeypatch.setenv("PATH", str(tmp_path))
    assert doctor.ask_driver() == ("", ())
    program.write_text("#!/bin/sh\necho '550.54.14, NVIDIA T4, 7.5'\necho '550.54.14, NVIDIA L4, 8.9'\n")
    program.chmod(0o755)
    assert doctor.ask_driver() == ("550.54.14", (("NVIDIA T4", 7.5), ("NVIDIA L4", 8.9)))
    program.write_text("#!/bin/sh\necho 'NVIDIA-SMI has failed because it could not reach the driver'\nexit 9\n")
    assert doctor.ask_driver() == ("", ())


def test_that_the_distribution_is_read_with_what_it_is_like(tmp_path: Path) -> None:
    path = tmp_path / "os-release"
    path.write_text('NAME="Linux Mint"\nID=linuxmint\nID_LIKE="ubuntu debian"\n')
    assert doctor._distribution(path) == "linuxmint ubuntu debian"
    assert doctor._distribution(tmp_path / "nothing") == ""
