"""What no source has is marked, and nothing else."""

from __future__ import annotations

import pytest

from proposals.grounding import Corpus, ground
from proposals.writing import Source
from tests.briefs import make_brief, make_corpus, make_passage, make_requirement


def violations(text: str) -> list[tuple[str, str]]:
    passage = make_passage("L1")
    brief = make_brief([passage], [make_requirement("", "L1")])
    found = ground(text, brief, make_corpus(passage)).violations
    assert [text[item.start : item.end] for item in found] == [item.text for item in found]
    return [(item.kind, item.text) for item in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Le projet est dirigé par Jean Dupont.", ("name", "Jean Dupont")),
        ("Nous travaillons avec Salesforce.", ("name", "Salesforce")),
        ("Salesforce héberge le portail.", ("name", "Salesforce")),
        ("L’équipe est à Lyon.", ("name", "Lyon")),
        ("Le SIRH est repris.", ("name", "SIRH")),
        ("Nous sommes certifiés ISO 9001.", ("reference", "ISO 9001")),
        ("Le service répond en 15 minutes.", ("figure", "15 minutes")),
        ("La remise est de 12,5 %.", ("figure", "12,5 %")),
        ("Le service a ouvert en mai 2012.", ("date", "mai 2012")),
        ("Notre adresse : contact@inventee.fr.", ("reference", "contact@inventee.fr")),
        ("Voir l’article L. 2113-10.", ("reference", "L. 2113-10")),
        ("### Notre agence de Brest", ("name", "Brest")),
        ("Il est demandé ceci (RC, p. 99).", ("figure", "99")),
    ],
)
def test_what_no_source_has_is_marked(text: str, expected: tuple[str, str]) -> None:
    assert violations(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "Nadia Ferreira dirige l’astreinte depuis 2019.",
        "Ingénieure d’astreinte, Nadia Ferreira est certifiée.",
        "L’Agence nationale des mobilités durables demande 99,8 %.",
        "L’Atelier Rivoli répond en vingt minutes.",
        "Notre équipe compte 6 ingénieurs.",
        "Conscients des enjeux, nous proposons une astreinte.",
        "Le Comité de Pilotage se réunit.",
        "Le critère 1.2 compte pour 15 % (RC, art. 5.4, p. 2).",
        "[à compléter : le nom de Jean Dupont, ISO 9001, 12 mai 2012]",
        "M. Ferreira signe le PDF.",
    ],
)
def test_what_rc_library_plan_or_french_have_is_not(text: str) -> None:
    corpus_words = Source(key="", kind="library", title="Divers", text="Le PDF du comité est signé par M. Ferreira.")
    passage = make_passage("L1")
    brief = make_brief([passage], [make_requirement("", "L1")])

    assert ground(text, brief, make_corpus(passage, corpus_words)).violations == ()


def test_two_known_words_do_not_make_a_known_name() -> None:
    corpus = Corpus([Source(key="", kind="library", title="", text="Marie Leroy et Paul Martin sont là.")])

    found = ground("Le chantier est mené par Marie Martin.", make_brief(), corpus).violations

    assert [item.text for item in found] == ["Marie Martin"]


def test_the_text_of_another_section_s_plan_and_of_the_requirements_is_known() -> None:
    requirement = make_requirement("Le prestataire est qualifié PASSI")
    brief = make_brief([], [requirement], outline=("Réponse au Lot Voirie",))

    assert ground("La qualification PASSI et la Réponse au Lot Voirie suivent.", brief, make_corpus()).violations == ()
