"""How the technical answer must look: the frame imposed for it, and how many pages it may have."""

from __future__ import annotations

import re
from collections.abc import Iterator

from proposals.analysis import Fact
from proposals.engines.offline.evidence import Reading, split_sentences
from proposals.engines.offline.facts import Candidate, best_fact
from proposals.engines.offline.folding import tidy
from proposals.engines.offline.numbers import NUMBER, parse_number

FRAME = re.compile(
    r"\b(?:cadres?|trames?|canevas|modeles?|formulaires?|grilles?|questionnaires?|matrices?|"
    r"documents? cadres?|dossier type)(?: type| commun)? (?:de |d'|du |des )(?:la |l')?"
    r"(?:reponses?(?: techniques?)?|memoires?(?: techniques?| justificatifs?| methodologiques?)?|"
    r"notes?(?: techniques?| methodologiques?)|offre technique|presentation de l'offre|"
    r"proposition technique|valeur technique)"
    r"(?:(?: a completer)?(?: technique)?)(?: \([a-z.]{2,6}\))?|cadre (?:technique|reponse)|"
    r"questionnaire technique(?: \([a-z.]{2,6}\))?|\bcadre du memoire(?: technique)?|"
    r"(?<=base du )(?:cadre|modele) (?:fourni|joint|annexe|figurant)(?: (?:en|au|a l')? ?(?:annexe \w{1,3}|dce|"
    r"dossier de consultation))?|(?<=selon le )(?:cadre|modele) (?:fourni|joint|annexe|figurant)(?: (?:en|"
    r"au) (?:annexe \w{1,3}|dce))?"
)
FRAME_IMPOSED = re.compile(
    r"imposee?|obligatoire|imperati|doi(?:t|vent)|devr(?:a|ont)|respect|exclusivement|uniquement|"
    r"sous peine|a completer|complete|renseign|rempli|etabli|utilis|selon|suivant|conforme|fourni|"
    r"joint|annexe"
)
FRAME_FREE = re.compile(
    r"(?:aucune?|pas de|sans) (?:cadre|trame|modele|formulaire|canevas|questionnaire)|"
    r"(?:n'impose (?:pas|aucun)|n'est pas impose|n'est imposee?|a titre indicatif|ne fournit pas)"
)

PAGES = re.compile(
    rf"(?P<number>{NUMBER})\s*(?:pages?|p\.)(?: (?:a4|recto|recto-verso|maximum|maxi|au format a4))?|"
    rf"(?P<sheets>{NUMBER}) feuill(?:es|ets)"
)
PAGES_LIMIT = re.compile(
    r"maxi|limit|au plus|pas depasser|n'excede|ne (?:doit|devra|pourra|peut|doivent|"
    r"devront) (?:pas )?(?:exceder|depasser)|ne depasse|exceder|plafon|dans la limite|sans depasser|"
    r"inferieur|au-dela|tient en|plus de"
)
PAGES_SUBJECT = re.compile(
    r"memoire|note|cadre|reponse technique|\bcrt\b|\bcmt\b|offre technique|proposition technique|"
    r"dossier technique|document technique|presentation|reponse|offre|descriptif|methodolog"
)
PAGES_OTHER = re.compile(
    r"page \d+ (?:sur|/)|\bcv\b[^.]{0,25}$|curriculum[^.]{0,30}$|references?[^.]{0,40}$|"
    r"fiche[^.]{0,30}$|lettre[^.]{0,30}$|planning[^.]{0,20}$|annexes?[^.]{0,20}$"
)


def find_answer_frame(reading: Reading) -> Fact[str]:
    """Return the name of the frame in which the technical answer must be written."""
    return best_fact(Fact[str], reading, _frame_candidates(reading))


def _frame_candidates(reading: Reading) -> Iterator[Candidate[str]]:
    for block in reading.blocks:
        for start, end in split_sentences(block.text):
            for found in FRAME.finditer(block.folded, start, end):
                sentence = block.folded[start:end]
                if FRAME_FREE.search(sentence):
                    continue
                imposed = bool(FRAME_IMPOSED.search(sentence))
                acronym = ")" in found.group()
                weight = (
                    0.6 + 0.2 * imposed + 0.1 * acronym + 0.05 * bool(re.search(r"impos|obligatoire|doi", sentence))
                )
                value = tidy(block.text[found.start() : found.end()])
                yield Candidate(value[:1].upper() + value[1:], block, found.start(), found.end(), weight)


def find_page_limit(reading: Reading) -> Fact[int]:
    """Return how many pages the technical answer may have."""
    return best_fact(Fact[int], reading, _page_candidates(reading))


def _page_candidates(reading: Reading) -> Iterator[Candidate[int]]:
    for block in reading.blocks:
        for start, end in split_sentences(block.text):
            sentence = block.folded[start:end]
            for found in PAGES.finditer(sentence):
                before = sentence[max(0, found.start() - 120) : found.start()]
                limited = PAGES_LIMIT.search(before[-60:] + sentence[found.start() : found.end() + 40])
                about = PAGES_SUBJECT.search(before) or PAGES_SUBJECT.search(f"{sentence} {block.context}")
                value = parse_number(found["number"] or found["sheets"])
                if value and limited and about and not PAGES_OTHER.search(before) and value <= 500:
                    weight = 0.85 + 0.1 * bool(re.search(r"memoire|cadre|note|technique", f"{before} {block.context}"))
                    yield Candidate(value, block, start + found.start(), start + found.end(), weight)
