"""A look at each attempt of the SDK, which repeats what fails before an answer begins."""

from __future__ import annotations

import asyncio
import math
from typing import Any

from anthropic import APIRequest, AsyncAPIResponse, AsyncCallNext, Middleware

from proposals.engines.claude.explaining import WaitTooLong
from proposals.engines.claude.tally import Tally


class Attempts(Middleware):
    """Sees each attempt of the SDK: remembers why the last was refused, and waits no longer than the call may last."""

    def __init__(self, tally: Tally, limit: asyncio.Timeout) -> None:
        self._tally = tally
        self._limit = limit

    async def handle_async(self, request: APIRequest, call_next: AsyncCallNext) -> AsyncAPIResponse[Any]:
        """Let the attempt pass."""
        response = await call_next(request)
        self._tally.refused_with = None if response.http_response.is_success else response.http_response.status_code
        if self._tally.refused_with and self._seconds_to_wait(response) > self._seconds_left():
            raise WaitTooLong
        return response

    def _seconds_left(self) -> float:
        end = self._limit.when()
        return math.inf if end is None else end - asyncio.get_running_loop().time()

    @staticmethod
    def _seconds_to_wait(response: AsyncAPIResponse[Any]) -> float:
        try:
            return float(response.http_response.headers.get("retry-after", ""))
        except ValueError:
            return 0.0
