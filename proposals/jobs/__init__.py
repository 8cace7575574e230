"""
What each kind of operation does: read its input, call its service, store its output.

A kind that is not registered here cannot be started.
"""

from __future__ import annotations

from proposals.jobs.analysis import ANALYSIS
from proposals.jobs.document_generation import DOCUMENT_GENERATION
from proposals.jobs.generation import GENERATION
from proposals.jobs.job import Job, Run
from proposals.jobs.matching import MATCHING
from proposals.models import Operation

__all__ = ["JOBS", "Job", "Run"]

JOBS: dict[str, Job] = {
    Operation.Kind.RC_ANALYSIS: ANALYSIS,
    Operation.Kind.MATCHING: MATCHING,
    Operation.Kind.GENERATION: GENERATION,
    Operation.Kind.DOCUMENT_GENERATION: DOCUMENT_GENERATION,
}
