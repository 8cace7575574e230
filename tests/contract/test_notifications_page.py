"""docs/notifications.md against the code: kinds, the failures that need somebody, the defaults of preferences."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

from proposals import notifying
from proposals.models import Operation
from realtime import events, preferences
from realtime.models import NotificationKind

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/notifications.md").read_text()


def first_cells(text: str) -> list[str]:
    return re.findall(r"^\| `(\w+)` \|", text, flags=re.MULTILINE)


def chapter(heading: str) -> str:
    return PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]


def test_the_kinds_are_the_code_s() -> None:
    kinds = set(get_args(events.NotificationKind))

    assert set(first_cells(chapter("Kinds"))) == kinds == set(NotificationKind.values) == set(preferences.DEFAULTS)


def test_the_operations_and_codes_that_need_somebody_are_the_code_s() -> None:
    named = set(first_cells(chapter("Who is told what")))

    assert named == {*notifying.NEED_SOMEBODY, *Operation.Kind.values}


def test_every_code_is_one_of_the_protocol() -> None:
    protocol = (ROOT / "realtime/PROTOCOL.md").read_text().split("\n## Error codes\n")[1].split("\n## ")[0]

    assert set(first_cells(protocol)) >= notifying.NEED_SOMEBODY | notifying.SILENT


def test_every_kind_of_operation_has_points_a_summary_and_a_panel() -> None:
    for words in (notifying.POINTS, notifying.SUMMARIES, notifying.PANELS):
        assert set(map(str, words)) == set(Operation.Kind.values)
