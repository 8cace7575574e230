"""The Claude engine: analysis, writing and ranking behind the protocols of `engines.protocol`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from proposals.analysis import RCAnalysisResult
from proposals.documents.document import Document
from proposals.engines.claude import analysing, ranking, reading, writing
from proposals.engines.claude.conversation import Conversation
from proposals.engines.claude.metering import Meter
from proposals.engines.claude.options import Options
from proposals.engines.offline.engine import OfflineEngine
from proposals.engines.protocol import OnStep
from proposals.matching import Passage, RequirementQuery
from proposals.writing import SectionBrief


class ClaudeEngine:
    """
    Asks one Claude model; each method is one call.

    Args:
        options: which model, and how to reach it.
        meter: admits calls and keeps what they used.
        check: raises when the run must end; called several times a second while a call is under way.
        label: names the operation in the log.
    """

    def __init__(self, options: Options, *, meter: Meter, check: Callable[[], None], label: str) -> None:
        self._conversation = Conversation(options, meter=meter, check=check, label=label)

    @property
    def name(self) -> str:
        """Return the name shown beside results."""
        return f"claude ({self._conversation.options.model})"

    def analyse(self, document: Document, *, on_step: OnStep) -> RCAnalysisResult:
        """
        Return what the model found and the document bears out.

        Raises:
            OperationFailed: the model did not give a usable answer; the code is one of `failures`.
        """
        reported = analysing.report(self._conversation, document, on_step=on_step)
        by_rules = OfflineEngine().analyse(document, on_step=_say_nothing)
        result = reading.read_analysis(reported, document, by_rules)
        on_step("Vérification des citations", len(result.requirements), 1.0)
        return result

    def write_section(self, brief: SectionBrief, *, on_text: Callable[[str], None]) -> str:
        """
        Return the section's text in Markdown; its pieces go to `on_text` as they come.

        Raises:
            OperationFailed: as `analyse`.
        """
        return writing.write(self._conversation, brief, on_text=on_text)

    def rank(self, requirement: RequirementQuery, passages: Sequence[Passage]) -> list[tuple[UUID, float]]:
        """
        Return passage ids with their scores, the best first.

        Raises:
            OperationFailed: as `analyse`.
        """
        return ranking.rank(self._conversation, requirement, passages)


def _say_nothing(label: str, found: int, share: float, /) -> None:
    """The second reading is part of the first."""
