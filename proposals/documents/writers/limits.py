"""What writing one PDF may cost. The caller takes the values from the settings."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class WriterLimits:
    """Bounds of the process that lays out one PDF."""

    memory_bytes: int = 1536 * MIB
    cpu_seconds: int = 300
    wall_seconds: float = 300.0
