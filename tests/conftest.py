"""Fixtures for everybody: private instances, installations of the project, the channel layers."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from tests.instances import PostgresInstance, RedisInstance
from tests.servers import Site


@pytest.fixture
def note_figure(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Note what a test of docs/reliability.md measured; the end of the run shows it."""

    def note(test: str, what: str, *, asked: str, measured: str) -> None:
        request.node.user_properties.append(("figure", f"{test} | {what} | {asked} | {measured}"))

    return note


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show the figures that tests noted, as rows for docs/reliability.md."""
    ended = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]
    figures = [value for report in ended for name, value in report.user_properties if name == "figure"]
    if figures:
        terminalreporter.section("figures: test | what | asked | measured")
    for figure in sorted(figures):
        terminalreporter.write_line(str(figure))


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresInstance]:
    """A private PostgreSQL for the session; tests make databases of their own in it."""
    instance = PostgresInstance(tmp_path_factory.mktemp("postgres"))
    instance.create()
    instance.start()
    yield instance
    instance.stop()


@pytest.fixture
def postgres_url(postgres: PostgresInstance) -> str:
    """The URL of an empty PostgreSQL database."""
    return postgres.new_database(f"test_{uuid.uuid4().hex}")


@pytest.fixture
def redis_instance(tmp_path: Path) -> Iterator[RedisInstance]:
    """A private Redis for one test, which may kill it."""
    instance = RedisInstance(tmp_path)
    instance.start()
    yield instance
    instance.kill()


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prepared SQLite site with the demo cast, made once and copied for each test that wants one."""
    site = Site(tmp_path_factory.mktemp("template"))
    site.prepare(demo=True)
    return site.directory


@pytest.fixture
def make_site(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Callable[..., Site]]:
    """Make installations of the project, with the demo cast, and end their processes after the test."""
    sites: list[Site] = []

    def make(*, demo: bool = True, **settings: str) -> Site:
        directory = tmp_path / f"site-{len(sites)}"
        if demo and "DATABASE_URL" not in settings:
            shutil.copytree(request.getfixturevalue("demo_template"), directory)
            site = Site(directory, **settings)
        else:
            directory.mkdir()
            site = Site(directory, **settings)
            site.prepare(demo=demo)
        sites.append(site)
        return site

    yield make
    for site in sites:
        site.close()


@pytest.fixture
def media_root(settings: Settings, tmp_path: Path) -> Path:
    """A folder of its own for uploaded files."""
    settings.MEDIA_ROOT = tmp_path / "files"
    return tmp_path / "files"
