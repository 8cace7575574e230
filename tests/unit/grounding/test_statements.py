"""Where statements begin and end."""

from __future__ import annotations

import pytest

from proposals.grounding.statements import split_statements


def statements(text: str) -> list[str]:
    return [text[start:end] for start, end in split_statements(text)]


def test_sentences_items_and_rows_are_statements_headings_and_header_rows_are_not() -> None:
    text = (
        "### L’équipe\n\nElle compte onze personnes. Elle est à Paris.\n\n- Un suppléant par poste.\n"
        "- Deux jours\n  de recouvrement.\n\n| Rôle | Nom |\n|---|---|\n| Directeur | Karim |\n\n"
        "```\nRien. Ici.\n```\n"
    )

    assert statements(text) == [
        "Elle compte onze personnes.",
        "Elle est à Paris.",
        "Un suppléant par poste.",
        "Deux jours\n  de recouvrement.",
        "| Directeur | Karim |",
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "M. Dupont et Mme Leroy signent.",
        "L’art. R. 2152-1 du code et l’art. L. 2124-2 s’appliquent.",
        "Le marché commence en juil. 2026 et finit en déc. 2028.",
        "Martin S.A.R.L. Travaux réalise le gros œuvre.",
        "La cf. p. 12 du dossier, réf. A-12, suffit.",
        "Il est dit : « Le candidat signe. Il date. » (RC, p. 3).",
        "La reprise dure [à compléter : la durée. En jours.] au plus.",
    ],
)
def test_abbreviations_quotations_and_gaps_end_no_sentence(sentence: str) -> None:
    assert statements(f"{sentence} Une autre phrase suit.") == [sentence, "Une autre phrase suit."]


def test_a_list_item_with_several_sentences_makes_several_statements() -> None:
    assert statements("1. **Début** : on commence. Puis on finit.") == ["**Début** : on commence.", "Puis on finit."]


def test_a_quote_mark_is_no_part_of_a_statement() -> None:
    assert statements("> Une phrase citée.") == ["Une phrase citée."]
