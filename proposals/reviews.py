"""
The use cases of matches: people accept or reject what matching proposes, take that back, attach passages by hand.

Source: docs/matching.md, "What people decide".
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from proposals.exceptions import ProposalsError
from proposals.models import ContentItem, ContentMatch, Requirement, Strength, User

#: What a person chose by hand counts as a full answer.
ATTACHED_SCORE = 1.0


class MatchGone(ProposalsError):
    """A new matching or a change of the library has replaced the match meanwhile."""

    code = "match_gone"
    user_message = "Cette proposition a été remplacée entre-temps. Rechargez la liste."


class PassageOfAnotherCompany(ProposalsError):
    """A requirement is answered from the library of its own company only."""

    code = "passage_of_another_company"
    user_message = "Ce passage n’appartient pas à la bibliothèque de l’entreprise."


def accept(match: ContentMatch, *, by: User) -> ContentMatch:
    """
    Accept a match as evidence.

    Raises:
        MatchGone: it is no longer there.
    """
    return _decide(match, ContentMatch.Status.ACCEPTED, by)


def reject(match: ContentMatch, *, by: User) -> ContentMatch:
    """
    Reject a match: it counts no more, and stays so through a new matching.

    Raises:
        MatchGone: it is no longer there.
    """
    return _decide(match, ContentMatch.Status.REJECTED, by)


def reset(match: ContentMatch) -> None:
    """
    Take a decision back: the match is a proposal again; one that was attached by hand goes.

    Raises:
        MatchGone: it is no longer there.
    """
    rows = ContentMatch.objects.filter(id=match.id)
    if rows.filter(operation=None).delete()[0]:
        return
    if not rows.update(status=ContentMatch.Status.PROPOSED, reviewed_by=None, reviewed_at=None):
        raise MatchGone


@transaction.atomic
def attach(requirement: Requirement, item: ContentItem, *, by: User) -> ContentMatch:
    """
    Attach a passage of the library to a requirement, as accepted evidence; one that is proposed is accepted.

    Raises:
        PassageOfAnotherCompany: the passage is not the company's.
    """
    if item.company_id != requirement.project.company_id:
        raise PassageOfAnotherCompany
    last = ContentMatch.objects.filter(requirement=requirement).aggregate(rank=Max("rank"))["rank"] or 0
    match, _ = ContentMatch.objects.get_or_create(
        requirement=requirement,
        content_item=item,
        defaults={
            "project_id": requirement.project_id,
            "rank": last + 1,
            "score": ATTACHED_SCORE,
            "strength": Strength.STRONG,
        },
    )
    return _decide(match, ContentMatch.Status.ACCEPTED, by)


def _decide(match: ContentMatch, status: ContentMatch.Status, by: User) -> ContentMatch:
    changed = ContentMatch.objects.filter(id=match.id).update(status=status, reviewed_by=by, reviewed_at=timezone.now())
    if not changed:
        raise MatchGone
    match.refresh_from_db()
    return match
