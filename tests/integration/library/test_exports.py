"""The library as a file, and back."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proposals import exports, library
from proposals.models import Company, ContentItem
from tests.factories import Cast, make_item
from tests.integration.library.conftest import Receive

TEXTS = st.text(max_size=60) | st.sampled_from(
    ["# Un\n<!-- kind: team -->\n\\# Deux", "```\n# x", "<!-- kind: team -->"]
)
FIELDS = st.fixed_dictionaries(
    {
        "title": st.text(max_size=30).filter(library.clean_line),
        "body": TEXTS.filter(library.clean_body),
        "kind": st.sampled_from(ContentItem.Kind.values),
        "tags": st.lists(st.text(max_size=10), max_size=4),
        "language": st.sampled_from(["fr", "en"]),
        "valid_until": st.none() | st.dates(),
        "source": st.text(max_size=30),
    }
)
SAME = ("title", "body", "kind", "tags", "language", "valid_until", "owner_id", "source")


def what_makes_it_known(one: dict[str, Any]) -> tuple[str, str]:
    return library.clean_line(one["title"]), library.clean_body(one["body"])


def values_of(company: Company) -> list[tuple[Any, ...]]:
    return list(ContentItem.objects.filter(company=company).order_by("title", "body").values_list(*SAME))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fields=st.lists(FIELDS, min_size=1, max_size=10, unique_by=what_makes_it_known))
def test_an_export_read_into_an_empty_library_gives_the_same_passages(
    cast: Cast, receive: Receive, fields: list[dict[str, Any]]
) -> None:
    ContentItem.objects.all().delete()
    for one in fields:
        library.create(company=cast.company_a, by=cast.alice, fields={**one, "owner": cast.bob})
    before = set(map(str, values_of(cast.company_a)))
    text = exports.to_markdown(ContentItem.objects.select_related("owner"))
    ContentItem.objects.all().delete()

    row = receive(text)

    assert row.error is None
    assert set(map(str, values_of(cast.company_a))) == before


def test_an_export_into_another_company_leaves_the_owner_out(cast: Cast, receive: Receive) -> None:
    make_item(cast.company_a, title="Un", owner=cast.bob, source="mémoire ; § 2", tags=["voirie"])

    receive(exports.to_markdown(ContentItem.objects.all()), company=cast.company_b)

    item = ContentItem.objects.get(company=cast.company_b)
    assert (item.owner, item.source, item.tags) == (None, "mémoire ; § 2", ["voirie"])


def test_json_has_the_fields_of_the_api(cast: Cast) -> None:
    item = make_item(cast.company_a, tags=["voirie"], valid_until=date(2027, 6, 30), owner=cast.bob)

    [values] = json.loads(exports.to_json([item]))

    assert (values["id"], values["tags"], values["owner"]) == (str(item.id), ["voirie"], "bob")
    assert (values["valid_until"], values["version"]) == ("2027-06-30", 1)


@pytest.mark.parametrize("title", ["=1+1", "+33 1", "-x", "@cmd"])
def test_no_cell_of_a_csv_is_a_formula(cast: Cast, title: str) -> None:
    make_item(cast.company_a, title=title, body="a;b\n« c »", tags=["x", "y"])

    text = exports.to_csv(ContentItem.objects.all())

    assert text.startswith("\ufeff")
    [row] = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";")
    assert (row["title"], row["body"], row["tags"]) == (f"'{title}", "a;b\n« c »", "x, y")


def test_an_empty_library_is_an_empty_file(db: None) -> None:
    nothing = ContentItem.objects.none()

    assert exports.to_markdown(nothing) == ""
    assert json.loads(exports.to_json(nothing)) == []
