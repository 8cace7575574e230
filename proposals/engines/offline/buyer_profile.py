"""Where offers are left: the address of the buyer profile among the addresses of a document."""

from __future__ import annotations

import re
from collections.abc import Iterator

from proposals.analysis import Fact
from proposals.engines.offline.blocks import Block
from proposals.engines.offline.evidence import Reading, split_sentences
from proposals.engines.offline.facts import Candidate, best_fact
from proposals.engines.offline.folding import fold

URL = re.compile(r"(?:https?:// ?|www\.)(?:(?!\.[A-ZÀ-Ý])[^\s<>«»\"'()\[\],;])+")
BARE_HOST = re.compile(r"\b(?:[a-z0-9-]+\.){1,4}(?:fr|com|eu|org|net|info|bzh|re)\b(?:/[^\s<>,;)]*)?")
PLATFORM = re.compile(
    r"profil (?:d'|de l'|d )?acheteur|plate-?forme|demateriali|depo(?:t|s)|telecharg|voie electronique|"
    r"adresse (?:url|electronique|internet|suivante)|portail|site"
)
KNOWN_PLATFORM = re.compile(
    r"marches-?publics|achatpublic|marches-securises|e-marchespublics|maximilien|megalis|aws-achat|"
    r"klekoon|xmarches|ternum|demat-ampa|synapse|alsacemarches|local-trust|dematis|marchesonline|achat|"
    r"marches|consultation"
)
NOT_A_PLATFORM = re.compile(
    r"economie\.gouv|legifrance|ssi\.gouv|ants\.gouv|europa\.eu|telerecours|urssaf|chorus|impots|"
    r"entreprise-?s?\.(?:service-public|gouv)|entreprises?\.gouv|dume|service-public|infogreffe|"
    r"api\.gouv|facture|tribunal|juradm|lsti|e-attestations|declaration|adobe|7-zip|pappers|insee|"
    r"references\.modernisation|boamp|ted\.|facebook|cnil"
)


def find_platform_url(reading: Reading) -> Fact[str]:
    """Return the address of the buyer profile where offers are left; a bare host is completed by a full address."""
    candidates = list(_platform_candidates(reading))
    best = max(candidates, key=lambda found: found.weight, default=None)
    whole = [found for found in candidates if best and "://" in found.value and _host(found.value) == _host(best.value)]
    return best_fact(Fact[str], reading, whole if best and "://" not in best.value and whole else candidates)


def _host(address: str) -> str:
    return re.sub(r"^https?://", "", fold(address)).split("/", maxsplit=1)[0]


def _platform_candidates(reading: Reading) -> Iterator[Candidate[str]]:
    for block in reading.blocks:
        for low, high in split_sentences(block.text):
            for found in URL.finditer(block.text, low, high):
                yield from _platform_at(block, found, low, 0.0)
            if not URL.search(block.text, low, high):
                for found in BARE_HOST.finditer(block.folded, low, high):
                    if not re.search(r"@[\w.-]*$", block.folded[: found.start()]):
                        yield from _platform_at(block, found, low, -0.15)


def _platform_at(block: Block, found: re.Match[str], low: int, bonus: float) -> Iterator[Candidate[str]]:
    value = found.group().rstrip(".:/-") if not found.group().endswith("/") else found.group()
    value = value.rstrip(".").replace(" ", "")
    folded = fold(value)
    if NOT_A_PLATFORM.search(folded):
        return
    before = block.folded[low : found.start()] or block.context
    said = 0.3 * bool(PLATFORM.search(before)) + 0.2 * bool(KNOWN_PLATFORM.search(folded))
    if said or "://" in value:
        yield Candidate(value, block, found.start(), found.end(), 0.5 + said + bonus)
