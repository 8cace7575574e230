"""The words of a text that carry its meaning, as stems: what two texts are compared by."""

from __future__ import annotations

import Stemmer

from proposals.engines.offline.folding import words
from proposals.retrieval.stop_words import STOP_WORDS

#: Words by which a proposal and an RC speak of themselves, and of time: they tell no two texts apart.
_FRAME = """
acheteur annexe article articles candidat candidats consultation critere criteres demande demandee demandees demandes
exige exigee exigees exigence exigences exiges marche modalites offre page pages point points ponderation pondere
ponderee prestations presente presentee rc reglement repond repondre reponse section sections soumissionnaire titulaire
an ans annee annees heure heures jour jours minute minutes mois semaine semaines trimestre trimestres
doit doivent fait lance lancee note notee partie afin bien cent chaque desormais encore grace plutot toujours tres
"""
FRAME_WORDS = STOP_WORDS | frozenset(_FRAME.split())


class Terms:
    """
    Reads the terms of texts, remembering stems.

    One instance belongs to one thread: the stemmer has a state of its own.
    """

    def __init__(self) -> None:
        self._stemmer = Stemmer.Stemmer("french")
        self._stems: dict[str, str] = {}

    def of(self, text: str) -> list[str]:
        """Return the stems of a text's content words, in order; figures are no terms."""
        return [self.stem(word) for word in words(text) if is_term(word)]

    def stem(self, word: str) -> str:
        """Return the stem of a folded word."""
        known = self._stems.get(word)
        if known is None:
            known = self._stems[word] = self._stemmer.stemWord(word)
        return known


def is_term(word: str) -> bool:
    """Whether a folded word carries meaning."""
    return len(word) > 1 and not word.isdigit() and word not in FRAME_WORDS
