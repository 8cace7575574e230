"""The page that a PDF is laid out from: semantic, escaped, with nothing to fetch."""

from __future__ import annotations

import re

import pytest

from proposals.documents.composition import compose
from proposals.documents.writers.html_writer import write_html
from tests.unit.writers.content import make_content, make_section

HOSTILE = "\"><script>x</script><style>@import 'http://x'</style>\x00\x1b"


@pytest.fixture(scope="module")
def page() -> str:
    return write_html(compose(make_content()))


def test_the_page_has_language_title_and_parts(page: str) -> None:
    assert '<html lang="fr-FR">' in page
    assert "<title>Mémoire technique – Refonte du portail de la Région</title>" in page
    for part in ("couverture", "sommaire", "corps"):
        assert f'id="{part}"' in page


def test_every_link_inside_has_its_target(page: str) -> None:
    targets = set(re.findall(r'href="#([^"]+)"', page))

    assert targets
    assert targets <= set(re.findall(r'id="([^"]+)"', page))


def test_tables_have_headers_and_captions(page: str) -> None:
    assert "<caption>Tableau 1 – durée des phases</caption>" in page
    assert '<th scope="col">Phase</th>' in page
    assert '<td class="right">3 semaines</td>' in page


@pytest.mark.parametrize("field", ["company", "reference", "buyer", "object", "title"])
def test_what_a_field_says_is_never_markup(field: str) -> None:
    page = write_html(compose(make_content(**{field: HOSTILE})))

    assert "<script" not in page
    assert "http://x'</style>" not in page
    assert "\x00" not in page


def test_what_a_section_says_is_never_markup() -> None:
    page = write_html(compose(make_content(sections=(make_section(1, HOSTILE, HOSTILE),))))

    assert "<script" not in page
    assert page.count("<style>") == 1


def test_the_page_asks_for_nothing_from_elsewhere(page: str) -> None:
    assert not re.search(r"url\(|@import|src=|<link", page)


def test_a_link_holds_nothing_but_its_text() -> None:
    section = make_section(1, "A", "Voir **[*ici*](https://exemple.fr)**.")

    page = write_html(compose(make_content(sections=(section,))))

    assert '<strong><em><a href="https://exemple.fr">ici</a></em></strong>' in page
