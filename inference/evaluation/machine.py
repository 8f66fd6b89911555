"""What the figures of a run were measured on, so that they can be compared or not."""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import torch

PACKAGES = ("torch", "openvino", "numpy", "opencv-python-headless", "pillow")
# What decides how fast a network runs on a CPU, by the names that Linux gives.
INSTRUCTION_SETS = (
    "avx2",
    "avx512f",
    "avx512_vnni",
    "avx512_bf16",
    "avx_vnni",
    "amx_bf16",
    "amx_int8",
    "asimd",
    "bf16",
    "i8mm",
    "sve",
)
_CPU_INFO = Path("/proc/cpuinfo")


def machine_facts(device: str) -> dict[str, Any]:
    """Processor, cores, instruction sets, versions, load and date; the GPU where it is used.

    `instruction_sets` and `load` (tasks that wanted a core in the last minute, which slow the
    run) are null where the system does not say.
    """
    info = _cpu_info()
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "system": f"{platform.system()} {platform.machine()}",
        "cpu": info.get("model name") or platform.processor() or None,
        "cores": os.cpu_count(),
        "instruction_sets": known_sets(info.get("flags") or info.get("Features") or ""),
        "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        "gpu": torch.cuda.get_device_name() if device == "cuda" else None,
        "python": platform.python_version(),
        "packages": _versions(PACKAGES),
    }


def known_sets(flags: str) -> list[str] | None:
    """Of the flags, in one line, those that matter here; None where there are none at all."""
    said = set(flags.split())
    return [name for name in INSTRUCTION_SETS if name in said] if said else None


def _cpu_info() -> dict[str, str]:
    if not _CPU_INFO.is_file():
        return {}
    lines = _CPU_INFO.read_text(encoding="utf-8").splitlines()
    pairs = (line.partition(":") for line in lines if ":" in line)
    return {name.strip(): value.strip() for name, _, value in pairs}


def _versions(packages: Sequence[str]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for name in packages:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
    return found
