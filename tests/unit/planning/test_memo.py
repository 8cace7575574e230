"""Which requirements the proposal answers."""

from __future__ import annotations

import pytest

from proposals import planning
from proposals.analysis import RequiredDocument
from tests.unit.planning.rows import Row


def is_inside(*texts: str, article: str = "5.4") -> list[bool]:
    rows = [Row(text, article=article) for text in texts]
    inside = planning.divide(rows).memo
    return [row in inside for row in rows]


@pytest.mark.parametrize(
    "text",
    [
        "Le titulaire doit prendre en compte les incidents bloquants en 30 minutes",
        "Les sauvegardes doivent être quotidiennes et leur restauration testée deux fois par an",
        "Le mémoire technique doit présenter l’organisation de la production",
        "La méthode de conception et l’organisation des cycles de développement",
        "Le titulaire consacre 1 200 heures par an à l’insertion et en transmet le relevé",
        "Le délai de livraison ne dépasse pas six semaines à compter du bon de commande.",
    ],
)
def test_what_the_offer_must_contain_or_the_holder_must_do_is_inside(text: str) -> None:
    assert is_inside(text) == [True]


@pytest.mark.parametrize(
    "text",
    [
        "Les plis doivent parvenir avant la date et l’heure limites",
        "L’acte d’engagement doit être revêtu d’une signature électronique",
        "Le candidat en redressement judiciaire joint la copie du jugement.",
        "Tous les prix du BPU doivent être renseignés",
        "Le mémoire technique, limité à 120 pages",
        "L’usage du cadre de réponse est imposé : le candidat en respecte les titres, leur numérotation et leur ordre.",
        "La visite des lieux est obligatoire pour l’ensemble des lots.",
        "Toute offre dépourvue de cette attestation sera déclarée irrégulière.",
        "Le titulaire ne peut refuser la reconduction.",
        "Le candidat décrit dans le CRT la façon dont il satisfait chacune d’elles :",
    ],
)
def test_papers_dates_prices_forms_and_acts_of_the_buyer_are_outside(text: str) -> None:
    assert is_inside(text) == [False]


def test_a_sentence_that_begins_with_a_pronoun_goes_with_the_one_before_it() -> None:
    assert (
        is_inside("Les variantes sont admises pour le lot 3.", "Elles ne dérogent pas aux performances.") == [False] * 2
    )
    assert is_inside("Le titulaire doit livrer chaque jour.", "Il garantit moins de 3 °C.") == [True] * 2


def test_it_does_not_in_another_article() -> None:
    first = Row("Les variantes sont admises.", article="2.4")
    second = Row("Elles sont livrées chaque jour.", article="4.2")

    assert planning.divide([first, second]).memo == [second]


def test_a_requirement_that_only_names_a_paper_is_outside() -> None:
    paper = RequiredDocument(name="Matrice de conformité", part="offer", quote="la matrice de conformité renseignée ;")
    row = Row("La matrice de conformité renseignée", quote="la matrice de conformité renseignée")

    assert planning.divide([row], [paper]).outside == [row]
    assert planning.divide([row]).memo == [row]
