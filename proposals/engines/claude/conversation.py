"""A call of the model from a service's thread: admitted by the meter, cancellable, its errors explained."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

import anthropic
import httpx2

from proposals.engines.claude.explaining import AnswerMalformed, RefusedAnswer, StreamBroken, WaitTooLong, explain
from proposals.engines.claude.leaks import LeakGuard, RulesRecited
from proposals.engines.claude.metering import Meter
from proposals.engines.claude.options import Options
from proposals.engines.claude.stepping import run_in_steps
from proposals.engines.claude.streaming import Question, converse
from proposals.engines.claude.tally import Tally
from proposals.exceptions import OperationFailed

logger = logging.getLogger(__name__)

#: What a call may end in; anything else is a fault of ours.
FORESEEN = (
    anthropic.AnthropicError,
    httpx2.TransportError,
    TimeoutError,
    StreamBroken,
    AnswerMalformed,
    WaitTooLong,
    RefusedAnswer,
    RulesRecited,
)


class Conversation:
    """
    Asks one model.

    Args:
        check: raises when the run must end; called several times a second while we wait.
        label: names the operation in the log.
    """

    def __init__(self, options: Options, *, meter: Meter, check: Callable[[], None], label: str) -> None:
        self.options = options
        self._meter = meter
        self._check = check
        self._label = label

    def ask(self, question: Question, *, on_text: Callable[[str], None]) -> str:
        """
        Return the answer, which is complete.

        Args:
            on_text: gets each piece in this thread; what it raises, and what `check` raises, closes the connection
                before it comes out here.

        Raises:
            OperationFailed: with one of the codes of `failures`.
        """
        self._meter.admit()
        tally = Tally(self.options.model)
        guard = LeakGuard(question.rules)

        def take(piece: str) -> None:
            guard.read(piece)
            on_text(piece)

        try:
            answer = run_in_steps(partial(converse, self.options, question, tally), check=self._check, on_item=take)
            RefusedAnswer.look_at(tally.stop_reason, answer)
        except FORESEEN as error:
            raise self._fail(error, tally) from error
        finally:
            for usage in tally.usages():
                self._meter.record(usage)
        return answer

    def _fail(self, error: Exception, tally: Tally) -> OperationFailed:
        failure = explain(error, refused_with=tally.refused_with)
        reason = f"{type(error).__name__}: {error}; {type(error.__cause__).__name__}: {error.__cause__}"
        logger.warning(
            "%s: a call of %s ended in %s (request %s): %s",
            self._label,
            self.options.model,
            failure.code,
            tally.request_id or getattr(error, "request_id", None) or "unknown",
            reason.replace(self.options.api_key, "[key]"),
        )
        return failure
