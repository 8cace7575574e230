"""A worker that is killed in the middle of a generation costs no finished section."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.servers import Person, Site
from tests.waiting import wait_until

pytestmark = pytest.mark.e2e

MakeSite = Callable[..., Site]
QUICK = {"PROPOSALS_LEASE_SECONDS": "3", "PROPOSALS_REAPER_SECONDS": "0.5"}
#: So many that the worker is still at it when two of them are seen to be done.
SECTIONS = 25


def wait_for_end(person: Person, operation_id: str, *, seconds: float = 120) -> dict[str, Any]:
    def ended() -> dict[str, Any] | None:
        operation = person.operation(operation_id)
        return operation if operation["status"] in ("succeeded", "failed", "cancelled") else None

    return wait_until(ended, seconds=seconds, what="the operation to end")


def run(person: Person, project_id: str, kind: str) -> None:
    assert wait_for_end(person, person.start(project_id, kind))["status"] == "succeeded"


def make_long_plan(person: Person, project_id: str, *, sections: int = SECTIONS) -> None:
    """Save a plan whose sections cover the requirements in turn."""
    requirements = person.http.get(f"/projects/{project_id}/requirements/", params={"page_size": 100}).json()["results"]
    seen = person.http.get(f"/projects/{project_id}/sections/").json()["plan_version"]
    rows = [
        {
            "title": f"Section {number}",
            "words_budget": 600,
            "requirement_ids": [item["id"] for item in requirements[number % len(requirements) :][:4]],
        }
        for number in range(sections)
    ]
    plan = {"plan_version": seen, "sections": rows}
    person.http.put(f"/projects/{project_id}/plan/", json=plan).raise_for_status()


def finished(person: Person, project_id: str) -> list[str]:
    """Return the ids of the finished sections."""
    plan = person.http.get(f"/projects/{project_id}/sections/").raise_for_status().json()["sections"]
    return [section["id"] for section in plan if section["status"] == "written"]


def texts(person: Person, project_id: str) -> dict[str, tuple[int, str]]:
    """Return version and text of each finished section."""
    details = (person.http.get(f"/sections/{key}/").json() for key in finished(person, project_id))
    return {section["id"]: (section["version"], section["text"]) for section in details}


@pytest.mark.timeout(300)  # three processes start, beside those of other tests
def test_no_finished_section_is_lost_or_written_again(make_site: MakeSite, sample_rc: Path) -> None:
    site = make_site(**QUICK)
    _, url = site.serve("--no-worker")
    doomed = site.work()
    alice = Person(url, "alice")
    project_id = alice.create_project(sample_rc)
    run(alice, project_id, "rc_analysis")
    run(alice, project_id, "matching")
    make_long_plan(alice, project_id)

    operation_id = alice.start(project_id, "generation")
    wait_until(lambda: len(finished(alice, project_id)) >= 2, seconds=30, what="two finished sections")
    doomed.kill()
    before = texts(alice, project_id)
    site.work()
    end = wait_for_end(alice, operation_id)

    after = texts(alice, project_id)
    assert 2 <= len(before) < SECTIONS
    assert {key: after[key] for key in before} == before
    assert (end["status"], end["attempt"], end["result"]["sections_written"]) == ("succeeded", 2, SECTIONS)
    assert len(after) == SECTIONS
    assert {version for version, _ in after.values()} == {1}
