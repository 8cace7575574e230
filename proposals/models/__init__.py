"""The domain's tables."""

from proposals.models.accounts import Company, User
from proposals.models.operations import Operation
from proposals.models.outputs import RCAnalysis, Requirement
from proposals.models.projects import Project, SourceDocument

__all__ = ["Company", "Operation", "Project", "RCAnalysis", "Requirement", "SourceDocument", "User"]
