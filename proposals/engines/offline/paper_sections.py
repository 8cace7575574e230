"""Which part of the answer a clause speaks of: the papers of the application, those of the offer, or neither."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from proposals.analysis import DocumentPart
from proposals.engines.offline.blocks import Block

_PAPERS = (
    r"(?:pieces?|documents?|dossiers?|contenu|justificatifs?|elements?|renseignements?|composition|"
    r"fournir|produire|remettre|comprend|comporte|contien|compose|joindre|reuni|presentation|"
    r"sous-dossier|enveloppe|chemise|fichiers?|informations|formulaires?)"
)
APPLICATION = re.compile(
    rf"{_PAPERS}[^.]{{0,80}}candidatures?|candidatures?[^.]{{0,60}}{_PAPERS}|situation (?:juridique|"
    rf"propre)|capacites? (?:economique|technique|professionnelle|financiere)|"
    r"references? professionnelles?|aptitude|premiere (?:enveloppe|partie)|dossier (?:de )?candidature|"
    r"dossier administratif|^(?:la )?candidature|conditions de participation|pieces administratives|"
    r"niveaux? (?:specifiques? )?minim|capacite|partie candidature|enveloppe candidature"
)
OFFER = re.compile(
    rf"{_PAPERS}[^.]{{0,80}}(?:l'offre|des offres|offres?\b|propositions?)|(?:l'offre|offres?|"
    rf"propositions?)[^.]{{0,60}}{_PAPERS}|projet de marche|seconde enveloppe|deuxieme (?:enveloppe|"
    rf"partie)|dossier (?:d')?offre|^(?:l')?offres?\b|pieces (?:techniques|financieres)|"
    rf"offre (?:technique|financiere|de prix)|partie offre|enveloppe offre"
)
NEITHER = re.compile(
    r"dossier de consultation|\bdce\b|attributaire|attribution|titulaire (?:presente|remet|designe)|"
    r"retenu|jugement|criteres?|notation|methode|sous-critere|recours|renseignements complementaires|"
    r"questions|copie de sauvegarde|conditions d'envoi|remise des plis|transmission|formats?|"
    r"contenu du memoire|sommaire|sous-traitan|groupement|negociation|audition|formats? de fichier|"
    r"virus|signature|lots?$|duree|variantes|visite"
)
DCE_LIST = re.compile(
    r"(?:dossier de consultation|\bdce\b|pieces (?:constitutives|contractuelles))[^.]{0,80}(?:contient|"
    r"comprend|compose|constitue|comporte|suivant|:)|contenu du (?:dce|d\.c\.e|"
    r"dossier de (?:la )?consultation)"
)
DETAIL_LIST = re.compile(
    r"(?:memoire|note|cadre|planning|descriptif|il|elle|document|celui-ci|"
    r"celle-ci)[^.:]{0,100}(?:precise|decri|detaill|indiqu|developp|comport|comprend|contient|"
    r"contiendra|presente|expos|aborde|trait|justifi|faisant apparaitre|points suivants|"
    r"elements suivants|rubriques|sera|doit)[^.]*:?$"
)
LIST_LEAD = re.compile(
    r"(?:suivant|ci-dessous|ci-apres|comprend|comporte|contient|fournir|produire|remet|compose|pieces|"
    r"documents|joindre|joint|fournit|produit|constitue|transmet|depose).*:?$"
)


#: A line that only names the part; what follows belongs to it until the next heading.
PART_LINE = re.compile(
    r"\W*(?:pour|au titre de|concernant|s'agissant de|a l'appui de|relatif a|partie)? ?(?:la |l'|votre |de la |"
    r"de l')?"
    r"(?:(?P<application>candidature)|(?P<offer>offre))(?: (?:technique|financiere))?\W*"
)
#: A lead that speaks of the title above it.
ITS_CONTENT = re.compile(
    r"\W*(?:il|elle|celui-ci|celle-ci|ce (?:dossier|pli|sous-dossier)|le dossier|cette enveloppe) "
    r"(?:comprend|comporte|contient|est compose|se compose|comprendra|contiendra|comportera|reunit)[^.:]{0,60}:?"
)


def part_of(block: Block) -> DocumentPart | None:
    """Return the part a clause belongs to: said by its lead, else by the nearest heading that says it."""
    if block.kind == "paragraph":
        said = read_lead(block.folded) if block.text.rstrip().endswith(":") else None
        return said[0] if said else _by_trail(block)
    lead = read_lead(block.lead) if block.lead.rstrip().endswith(":") else None
    return lead[0] if lead else _by_trail(block)


def read_lead(folded: str) -> tuple[DocumentPart | None] | None:
    """Read the part of a lead; what it says beside the papers themselves does not count."""
    said = read_part(folded)
    return None if said == (None,) and not DCE_LIST.search(folded) and LIST_LEAD.search(folded) else said


def _by_trail(block: Block) -> DocumentPart | None:
    for title in reversed(block.trail):
        said = read_part(title)
        if said:
            return said[0]
    return None


def read_part(folded: str) -> tuple[DocumentPart | None] | None:
    """Return (part,) when a title or lead decides, (None,) when it leads elsewhere, None when it says nothing."""
    if DCE_LIST.search(folded):
        return (None,)
    application, offer = APPLICATION.search(folded), OFFER.search(folded)
    if application and offer:
        return None if len(folded) < 120 else (_last_named(folded),)
    if application:
        return ("application",) if not re.search(r"criteres?|selection|examen|attributaire|retenu", folded) else (None,)
    if offer:
        return (
            ("offer",)
            if not re.search(r"criteres?|jugement|examen|conditions d'envoi|analyse|negociation", folded)
            else (None,)
        )
    return (None,) if NEITHER.search(folded) else None


def _last_named(folded: str) -> DocumentPart:
    return "application" if folded.rfind("candidature") > folded.rfind("offre") else "offer"


def find_parts(blocks: Iterable[Block]) -> Iterator[tuple[Block, DocumentPart | None]]:
    """Yield every clause with the part it belongs to: that of a label above it, of its lead or of its heading."""
    labelled: DocumentPart | None = None
    for block in blocks:
        labelled = _label_above(block, labelled)
        yield block, labelled or part_of(block)


def _label_above(block: Block, before: DocumentPart | None) -> DocumentPart | None:
    """Return the part that a line such as "Pour l'offre" gives to what follows, until a heading or lead says other."""
    alone = part_named_alone(block)
    if alone or not before:
        return alone
    led = block.kind == "paragraph" and read_lead(block.folded)
    return None if block.kind == "heading" or led else before


def part_named_alone(block: Block) -> DocumentPart | None:
    """Return the part when the clause is a label such as "Pour la candidature" and nothing else."""
    found = PART_LINE.fullmatch(block.folded) if block.kind != "row" else None
    return None if not found else "application" if found["application"] else "offer"


def is_paper_list(block: Block) -> bool:
    """Return whether the list a clause stands in names papers, rather than what one of them says."""
    if block.trail and ITS_CONTENT.fullmatch(block.lead) and read_part(block.trail[-1]) not in {None, (None,)}:
        return True
    return not DETAIL_LIST.search(block.lead) or bool(LIST_LEAD.search(block.lead) and read_part(block.lead))
