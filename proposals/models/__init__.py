"""The domain's tables."""

from proposals.models.accounts import Company, User
from proposals.models.generated import GeneratedDocument
from proposals.models.library import ContentItem, LibraryImport
from proposals.models.matches import ContentMatch, Strength
from proposals.models.operations import Operation
from proposals.models.outputs import RCAnalysis, Requirement
from proposals.models.projects import Project, SourceDocument
from proposals.models.sections import Section, SectionVersion
from proposals.models.usage import ModelUsage

__all__ = [
    "Company",
    "ContentItem",
    "ContentMatch",
    "GeneratedDocument",
    "LibraryImport",
    "ModelUsage",
    "Operation",
    "Project",
    "RCAnalysis",
    "Requirement",
    "Section",
    "SectionVersion",
    "SourceDocument",
    "Strength",
    "User",
]
