"""One answer of the model as a stream: asked for, read, counted, closed. Asynchronous; `conversation` waits for it."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import anthropic
import httpx2
from anthropic.types import ContentBlockParam, OutputConfigParam

from proposals.engines.claude.attempts import Attempts
from proposals.engines.claude.explaining import AnswerMalformed, StreamBroken, is_transient
from proposals.engines.claude.options import Options
from proposals.engines.claude.tally import Tally

CONNECT_SECONDS = 5.0
#: The provider sends a sign of life every few seconds, also while the model thinks.
SILENCE_SECONDS = 60.0
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class Question:
    """
    What is asked.

    Args:
        rules: our own words, as the system prompt.
        content: documents and task, as the only message.
        schema: of the JSON that the answer must be; None for free text.
        effort: instead of the one in the options.
        repeatable: pieces of the answer are only news, so a stream that breaks may be asked for once more.
    """

    rules: str
    content: tuple[ContentBlockParam, ...]
    max_tokens: int
    schema: dict[str, Any] | None = None
    effort: str | None = None
    repeatable: bool = False


async def converse(options: Options, question: Question, tally: Tally, post: Callable[[str], None]) -> str:
    """
    Return the whole answer.

    The SDK repeats what fails before the answer begins. A stream that breaks in the middle is asked for once more here,
    as long as nothing of it was handed on.

    Args:
        tally: gets what is known, whatever happens.
        post: gets each piece of text as it comes.
    """
    async with (
        asyncio.timeout(options.timeout_seconds) as limit,
        _make_client(options, Attempts(tally, limit)) as client,
    ):
        tries = 0
        while True:
            try:
                return await _read(client, options, question, tally, post)
            except StreamBroken as broken:
                handed_on = tally.text and not question.repeatable
                if handed_on or tries == options.max_retries or not is_transient(broken):
                    raise
            await asyncio.sleep(min(FIRST_PAUSE_SECONDS * 2**tries, LONGEST_PAUSE_SECONDS))
            tries += 1


async def _read(
    client: anthropic.AsyncAnthropic,
    options: Options,
    question: Question,
    tally: Tally,
    post: Callable[[str], None],
) -> str:
    tally.begin(None)
    stream = await client.messages.create(
        model=options.model,
        max_tokens=question.max_tokens,
        system=[{"type": "text", "text": question.rules}],
        messages=[{"role": "user", "content": list(question.content)}],
        output_config=_output_config(options, question) or anthropic.omit,
        stream=True,
    )
    async with stream:
        tally.request_id = stream.response.headers.get("request-id", "")
        try:
            async for event in stream:
                piece = tally.note(event)
                if piece:
                    post(piece)
        except (httpx2.TransportError, anthropic.APIStatusError) as error:
            raise StreamBroken from error
        except (AttributeError, TypeError, ValueError) as error:
            raise AnswerMalformed from error
    if tally.stop_reason is None:
        raise StreamBroken
    return "".join(tally.text)


def _output_config(options: Options, question: Question) -> OutputConfigParam:
    config: OutputConfigParam = {}
    effort = question.effort if question.effort and options.effort else options.effort
    if effort:
        config["effort"] = effort  # type: ignore[typeddict-item]
    if question.schema is not None:
        config["format"] = {"type": "json_schema", "schema": question.schema}
    return config


def _make_client(options: Options, attempts: Attempts) -> anthropic.AsyncAnthropic:
    # A key given here keeps the SDK from looking for others in the environment and in files; redirects could carry it
    # elsewhere.
    return anthropic.AsyncAnthropic(
        api_key=options.api_key,
        base_url=options.base_url,
        timeout=httpx2.Timeout(min(SILENCE_SECONDS, options.timeout_seconds), connect=CONNECT_SECONDS),
        max_retries=options.max_retries,
        middleware=[attempts],
        http_client=anthropic.DefaultAsyncHttpxClient(verify=_tls(), follow_redirects=False),
    )


@cache
def _tls() -> ssl.SSLContext:
    """Return the trusted authorities, read once: reading them is most of the price of a client."""
    return httpx2.create_ssl_context()
