"""Real processes write to one topic at once, on both databases we support."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.servers import ROOT, Site

WRITERS = 8
EVENTS_EACH = 30
READ_BACK = """
import json
from realtime.models import Event, Topic
topic = Topic.objects.get(name="project.test")
events = list(Event.objects.order_by("id").values_list("sequence", "body"))
print(json.dumps({"head": topic.head, "events": events}))
"""


@pytest.mark.postgres
def test_eight_writers_leave_no_gap_on_postgresql(make_site: Callable[..., Site], postgres_url: str) -> None:
    check_writers(make_site(demo=False, DATABASE_URL=postgres_url))


def test_eight_writers_leave_no_gap_on_sqlite(make_site: Callable[..., Site]) -> None:
    check_writers(make_site(demo=False))


def check_writers(site: Site) -> None:
    command = [sys.executable, "-m", "tests.log_writer", "project.test", str(EVENTS_EACH)]
    env = {**site.env, "DJANGO_SETTINGS_MODULE": "project.settings"}
    writers = [subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.PIPE) for _ in range(WRITERS)]
    for writer in writers:
        _, errors = writer.communicate(timeout=90)
        assert writer.returncode == 0, errors.decode()

    log = json.loads(site.manage("shell", "--no-imports", "-c", READ_BACK).stdout)

    committed = WRITERS * EVENTS_EACH * 2 // 3
    assert log["head"] == committed
    assert sorted(sequence for sequence, _ in log["events"]) == list(range(1, committed + 1))
    assert all(json.loads(body)["sequence"] == sequence for sequence, body in log["events"])
