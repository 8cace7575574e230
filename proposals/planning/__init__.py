"""
The plan of a technical proposal, from the analysis of the RC: the buyer's frame where one can be read, else the
standard plan; its words; and which section covers which requirement. Deterministic; knows no database.

Source: docs/generation.md, "The plan".
"""

from __future__ import annotations

from proposals.planning.memo import divide
from proposals.planning.plan import plan
from proposals.planning.requirement import PlannedRequirement

__all__ = ["PlannedRequirement", "divide", "plan"]
