"""Real processes tell the same people at once and read for them, on PostgreSQL. (SQLite has one writer at a time.)"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.servers import ROOT, Site

PROCESSES = 4
ROUNDS = 6
USERS = 60
MAKE_USERS = f"""
from proposals.models import User
User.objects.bulk_create(User(username=f"u{{number:03}}") for number in range({USERS}))
"""
READ_BACK = """
import json
from realtime.models import Event, Notification, Topic
events = Event.objects.order_by("topic_id", "sequence").values_list("topic_id", "sequence", "body")
unread = {}
for row in Notification.objects.filter(read_at=None):
    unread[f"user.{row.user_id}"] = unread.get(f"user.{row.user_id}", 0) + 1
heads = dict(Topic.objects.values_list("name", "head"))
print(json.dumps({"heads": heads, "events": list(events), "unread": unread}))
"""


@pytest.mark.postgres
def test_counts_are_exact_and_nobody_dead_locks_on_postgresql(
    make_site: Callable[..., Site], postgres_url: str
) -> None:
    site = make_site(demo=False, DATABASE_URL=postgres_url)
    site.manage("shell", "--no-imports", "-c", MAKE_USERS)
    env = {**site.env, "DJANGO_SETTINGS_MODULE": "project.settings"}
    # Nobody has a topic yet: the first tellings race for making them, too.
    writers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.notifier", str(seed), str(ROUNDS), str(USERS)],
            cwd=ROOT,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for seed in range(PROCESSES)
    ]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"ready\n"
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write(b"\n")
        writer.stdin.flush()
    for writer in writers:
        _, errors = writer.communicate(timeout=110)
        assert writer.returncode == 0, errors.decode()

    log = json.loads(site.manage("shell", "--no-imports", "-c", READ_BACK).stdout)

    assert len(log["heads"]) == USERS
    unread = dict.fromkeys(log["heads"], 0)
    told = dict.fromkeys(log["heads"], 0)
    sequences: dict[str, list[int]] = {topic: [] for topic in log["heads"]}
    for topic, sequence, body in log["events"]:
        event = json.loads(body)
        is_new = event["type"] == "notification"
        told[topic] += is_new
        unread[topic] = unread[topic] + 1 if is_new else 0
        assert event["unread_count"] == unread[topic], (topic, sequence)
        sequences[topic].append(sequence)
    assert set(told.values()) == {PROCESSES * ROUNDS}
    assert {topic: count for topic, count in unread.items() if count} == log["unread"]
    assert all(numbers == list(range(1, log["heads"][topic] + 1)) for topic, numbers in sequences.items())
