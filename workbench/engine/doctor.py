"""What this machine offers for training, why no GPU is seen, and the exact remedy."""

from __future__ import annotations

import dataclasses
import importlib.metadata
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import tensorflow as tf

import workbench
from workbench.core.jsonable import jsonable
from workbench.engine import runtime

PACKAGES = ("tensorflow", "keras", "numpy", "PySide6-Essentials", "pyqtgraph", "scikit-learn", "polars", "pillow")

_NVIDIA, _AMD = "0x10de", "0x1002"
OLDEST_DRIVER = "525.60.13"
"""The first driver for Linux that CUDA 12 runs on (NVIDIA, CUDA toolkit release notes, table 3)."""
OLDEST_CAPABILITY, NEWEST_CAPABILITY = 6.0, 10.0
"""TensorFlow's packages hold code for GPUs from Pascal on; from Blackwell on it has to be compiled anew, and fails."""
_DRIVER_INSTALLS = {
    "ubuntu": "sudo ubuntu-drivers install",
    "debian": "sudo apt install nvidia-driver (with non-free in /etc/apt/sources.list)",
    "fedora": "sudo dnf install akmod-nvidia (from RPM Fusion)",
    "arch": "sudo pacman -S nvidia",
    "opensuse": "sudo zypper install-new-recommends --repo NVIDIA",
}


@dataclasses.dataclass(frozen=True)
class Facts:
    """What decides whether TensorFlow can see a GPU.

    Args:
        system: As `platform.system` says: Linux, Darwin, Windows.
        machine: The processor's kind: x86_64, aarch64, arm64.
        tensorflow: Its version.
        cuda_build: Whether this TensorFlow was built for NVIDIA GPUs.
        cuda_wheels: Whether the CUDA libraries that pip brings are installed.
        cpu_wheel: Whether the package `tensorflow-cpu` is installed.
        vendors: The PCI vendors of the machine's display controllers.
        driver: The NVIDIA driver's version, "" where none is loaded.
        container: Whether this runs in a container.
        wsl: Whether this is Windows's Linux subsystem.
        visible: CUDA_VISIBLE_DEVICES, None where it is not set.
        nodes: Whether the GPU can be reached from here: its device files exist.
        gpus: Each NVIDIA GPU's name and compute capability, as the driver tells them.
        distribution: As /etc/os-release names it and what it is like: "ubuntu debian".
    """

    system: str
    machine: str
    tensorflow: str
    cuda_build: bool
    cuda_wheels: bool
    cpu_wheel: bool
    vendors: frozenset[str] = frozenset()
    driver: str = ""
    container: bool = False
    wsl: bool = False
    visible: str | None = None
    nodes: bool = True
    gpus: tuple[tuple[str, float], ...] = ()
    distribution: str = ""


@dataclasses.dataclass(frozen=True)
class Diagnosis:
    """What `workbench doctor` says: memory in bytes; `gpu_missing` and `remedy` are empty when a GPU is seen."""

    workbench: str
    python: str
    executable: str
    system: str
    versions: dict[str, str]
    cores: int
    memory: int
    free_memory: int
    devices: tuple[runtime.Device, ...]
    in_use: str
    driver: str
    gpus: tuple[str, ...]
    gpu_missing: str
    remedy: str

    def to_json(self) -> dict[str, Any]:
        """The diagnosis as one JSON object."""
        result: dict[str, Any] = jsonable(self)
        return result


def diagnose() -> Diagnosis:
    """Look at this machine."""
    devices = runtime.devices()
    facts = gather()
    missing, remedy = ("", "") if devices[0].kind == "gpu" else why_no_gpu(facts)
    memory = psutil.virtual_memory()
    return Diagnosis(
        workbench=workbench.__version__,
        python=platform.python_version(),
        executable=sys.executable,
        system=platform.platform(),
        versions={name: version for name in PACKAGES if (version := _version(name))},
        cores=os.cpu_count() or 1,
        memory=memory.total,
        free_memory=memory.available,
        devices=tuple(devices),
        in_use=devices[0].id,
        driver=facts.driver,
        gpus=tuple(name for name, _ in facts.gpus),
        gpu_missing=missing,
        remedy=remedy,
    )


def why_no_gpu(facts: Facts) -> tuple[str, str]:
    """Why TensorFlow sees no GPU, and what to do; each one or two sentences."""
    match facts.system:
        case "Darwin":
            return (
                "TensorFlow has no GPU support on macOS that works with this version.",
                "Train on the CPU, or on a Linux machine with an NVIDIA GPU.",
            )
        case "Windows":
            return (
                "TensorFlow's GPU support on native Windows ended with version 2.10.",
                'Install WSL2 (`wsl --install`), and in its Linux: pip install "keras-workbench[gpu]"',
            )
    return _why_on_linux(facts)


def _why_on_linux(facts: Facts) -> tuple[str, str]:
    wheels = f'pip install "tensorflow[and-cuda]=={facts.tensorflow}"'
    if facts.visible is not None and facts.visible.strip() in ("", "-1"):
        return (
            f"The environment variable CUDA_VISIBLE_DEVICES is {facts.visible!r}, which hides every GPU.",
            "Start again without it: unset CUDA_VISIBLE_DEVICES",
        )
    if not facts.driver:
        return _why_no_driver(facts)
    if not facts.nodes:
        return _why_no_nodes(facts)
    if facts.cpu_wheel:
        return (
            "The package tensorflow-cpu is installed, which is built without GPU support.",
            f"pip uninstall -y tensorflow-cpu, then: {wheels}",
        )
    if not facts.cuda_build:
        return (
            f"This TensorFlow {facts.tensorflow} ({facts.machine}) was built without GPU support.",
            wheels if facts.machine == "x86_64" else "Use a machine with an x86-64 processor and an NVIDIA GPU.",
        )
    if not facts.cuda_wheels:
        return (
            f"NVIDIA's driver {facts.driver} is there, but the CUDA libraries that TensorFlow loads are not.",
            wheels,
        )
    return _why_not_used(facts)


def _why_not_used(facts: Facts) -> tuple[str, str]:
    """Everything is there, and yet no GPU is seen."""
    if _number(facts.driver) < _number(OLDEST_DRIVER):
        return (
            f"NVIDIA's driver {facts.driver} is too old: TensorFlow needs {OLDEST_DRIVER} or newer.",
            f"{_install(facts)} Then restart.",
        )
    old = [f"{name} ({capability})" for name, capability in facts.gpus if capability < OLDEST_CAPABILITY]
    if old and len(old) == len(facts.gpus):
        return (
            f"TensorFlow's packages support no GPU below compute capability {OLDEST_CAPABILITY}: {', '.join(old)}.",
            "Train on the CPU, or use a GPU of NVIDIA's Pascal generation or newer.",
        )
    new = [f"{name} ({capability})" for name, capability in facts.gpus if capability >= NEWEST_CAPABILITY]
    if new and len(new) == len(facts.gpus):
        return (
            f"The GPU is newer than what TensorFlow {facts.tensorflow} was built for: {', '.join(new)}.",
            "Train on the CPU until TensorFlow supports it; NVIDIA's own TensorFlow container may.",
        )
    return (
        f"NVIDIA's driver {facts.driver} and the CUDA libraries are there, but TensorFlow {facts.tensorflow} could not "
        "use the GPU.",
        "Run `nvidia-smi`: it must list the GPU. Restart the machine if the driver was updated since its last start.",
    )


def _why_no_nodes(facts: Facts) -> tuple[str, str]:
    if facts.container:
        return (
            "The machine has an NVIDIA driver, but this container was started without the GPU's device files.",
            "Install the NVIDIA Container Toolkit and start the container with: docker run --gpus all …",
        )
    return (
        "NVIDIA's driver is loaded, but the GPU's device files (/dev/nvidia0, /dev/nvidia-uvm) are missing.",
        "sudo nvidia-modprobe -u -c=0",
    )


def _install(facts: Facts) -> str:
    """How this system installs NVIDIA's driver."""
    for name in facts.distribution.split():
        if name in _DRIVER_INSTALLS:
            return f"{_DRIVER_INSTALLS[name]}."
    return "Install NVIDIA's current driver as your distribution describes it."


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())


def _why_no_driver(facts: Facts) -> tuple[str, str]:
    if facts.wsl:
        return (
            "Windows's Linux subsystem shows no NVIDIA driver.",
            "Install NVIDIA's current driver in Windows itself (none inside WSL), then: wsl --shutdown",
        )
    if _NVIDIA in facts.vendors and facts.container:
        return (
            "The machine has an NVIDIA GPU, but this container was started without it.",
            "Install the NVIDIA Container Toolkit and start the container with: docker run --gpus all …",
        )
    if _NVIDIA in facts.vendors:
        return (
            "The machine has an NVIDIA GPU, but no driver for it is loaded.",
            f"{_install(facts)} Then restart.",
        )
    if _AMD in facts.vendors:
        return (
            "The machine has an AMD GPU; TensorFlow's packages support NVIDIA's only.",
            "Train on the CPU, or install AMD's own build, tensorflow-rocm, in place of tensorflow.",
        )
    return "This machine has no NVIDIA GPU.", "Nothing needs mending: training runs on the CPU."


def gather() -> Facts:
    """The facts of this machine."""
    build: dict[str, Any] = tf.sysconfig.get_build_info()
    asked, gpus = ask_driver()
    wsl = "microsoft" in platform.release().lower()
    return Facts(
        system=platform.system(),
        machine=platform.machine(),
        tensorflow=tf.__version__,
        cuda_build=bool(build.get("is_cuda_build")),
        cuda_wheels=_version("nvidia-cudnn-cu12") is not None,
        cpu_wheel=_version("tensorflow-cpu") is not None,
        vendors=_display_vendors(Path("/sys/bus/pci/devices")),
        driver=_driver_version(Path("/proc/driver/nvidia/version")) or asked,
        container=Path("/.dockerenv").exists() or Path("/run/.containerenv").exists(),
        wsl=wsl,
        visible=os.environ.get("CUDA_VISIBLE_DEVICES"),
        nodes=Path("/dev/dxg").exists() if wsl else any(Path("/dev").glob("nvidia[0-9]*")),
        gpus=gpus,
        distribution=_distribution(Path("/etc/os-release")),
    )


def ask_driver() -> tuple[str, tuple[tuple[str, float], ...]]:
    """The driver's version, and each GPU's name and compute capability; empty where there is no driver to ask."""
    command = shutil.which("nvidia-smi")
    if command is None:
        return "", ()
    query = [command, "--query-gpu=driver_version,name,compute_cap", "--format=csv,noheader"]
    try:
        answer = subprocess.run(query, capture_output=True, text=True, timeout=10, check=True).stdout
        rows = [[part.strip() for part in line.split(",")] for line in answer.splitlines() if line.strip()]
        return (rows[0][0] if rows else ""), tuple((row[1], float(row[2])) for row in rows)
    except (OSError, subprocess.SubprocessError, ValueError, IndexError):
        return "", ()


def _distribution(path: Path) -> str:
    fields = dict(line.partition("=")[::2] for line in _text(path).splitlines())
    return " ".join(fields.get(name, "").strip('"') for name in ("ID", "ID_LIKE")).strip()


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _display_vendors(devices: Path) -> frozenset[str]:
    found = set()
    for device in devices.glob("*"):
        # Class 0x03 is a display controller, 0x12 a processing accelerator.
        if _text(device / "class")[:4] in ("0x03", "0x12"):
            found.add(_text(device / "vendor"))
    return frozenset(found)


def _driver_version(path: Path) -> str:
    words = _text(path).split()
    return next((word for word in words if word[:1].isdigit() and "." in word), "") if words else ""


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
