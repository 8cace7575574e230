"""Which application answers which path."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import path

from project.http_router import HttpRouter


async def ask(scope_path: str, root_path: str = "") -> Any:
    answers: list[Any] = []

    def application(name: str) -> Any:
        async def answer(scope: dict[str, Any], receive: Any, send: Any) -> None:
            answers.append((name, scope.get("url_route")))

        return answer

    router = HttpRouter([path("api/<int:number>/stream", application("stream"))], otherwise=application("django"))
    await router({"path": scope_path, "root_path": root_path}, None, None)
    return answers[0]


@pytest.mark.parametrize(("where", "root"), [("/api/7/stream", ""), ("/under/api/7/stream", "/under")])
async def test_a_route_gets_the_parts_of_its_path(where: str, root: str) -> None:
    assert await ask(where, root) == ("stream", {"args": (), "kwargs": {"number": 7}})


@pytest.mark.parametrize("where", ["/", "", "/api/7/stream/x", "/api/x/stream", "//api/7/stream", "/api/7/stream\n"])
async def test_everything_else_is_django_s(where: str) -> None:
    assert await ask(where) == ("django", None)


async def test_a_root_path_that_is_not_there_harms_nobody() -> None:
    assert (await ask("/api/7/stream", "/elsewhere"))[0] == "stream"
