"""
Make the plan of a proposal from the analysis of its RC. The same analysis always gives the same plan.

Source: docs/generation.md, "The plan".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from proposals.analysis import RCAnalysisResult
from proposals.planning.assignment import Assignment, Subject
from proposals.planning.budget import allot_words
from proposals.planning.criteria import Leaf, technical_leaves
from proposals.planning.frames import FrameItem, find_enumerated, find_listed
from proposals.planning.memo import divide
from proposals.planning.requirement import PlannedRequirement
from proposals.planning.rubrics import BY_CONTRACT, BY_KEY, ORDER, RUBRICS, best_rubric, count_calls
from proposals.writing import Criterion, PlannedSection

CUSTOM = "custom"
CUSTOM_GUIDANCE = (
    "Répondre au critère par des engagements précis : qui, quoi, quand, combien, et comment on le vérifie."
)
#: Sub-criteria that make a plan: a single one is no frame.
PARTS_AT_LEAST = 2
#: Rubrics that one criterion brings in, at most.
RUBRICS_PER_CRITERION = 3
#: Rubrics that stand first, and those that stand last unless a criterion calls for them.
FIRST = ("understanding",)
LAST = ("company", "subcontracting", "references", "commitments")
#: The place of a section that answers no criterion.
LAST_LEAF = 1_000


@dataclass(frozen=True)
class Draft:
    """
    A section while the plan is made.

    Args:
        about: the buyer's words for it.
        share: the weight of its criterion among all.
        leaf: the place of its criterion among them.
        own: requirements that can be nowhere else.
    """

    rubric: str
    title: str
    guidance: str = ""
    about: str = ""
    criterion: Criterion | None = None
    share: float | None = None
    leaf: int | None = None
    own: tuple[UUID, ...] = field(default=())


def plan(result: RCAnalysisResult, requirements: Sequence[PlannedRequirement]) -> tuple[PlannedSection, ...]:
    """
    Return the sections of a proposal in order.

    Args:
        requirements: the ledger's, without those that a person rejected; each one that the proposal must answer gets
            exactly one section.
    """
    memo = divide(requirements, result.required_documents).memo
    leaves = technical_leaves(result)
    listed, enumerated = find_listed(memo), find_enumerated(result, memo)
    if listed:
        drafts = _by_frame(listed, leaves)
    elif sum(leaf.is_part for leaf in leaves) >= PARTS_AT_LEAST:
        drafts = [_of_leaf(leaf, number) for number, leaf in enumerate(leaves)]
        drafts = _with_items(drafts, enumerated)
    elif enumerated:
        drafts = _by_frame(enumerated, leaves)
    else:
        drafts = _by_rubrics(result, leaves, memo)
    return _finish(drafts, memo, page_limit=result.page_limit.proven)


def _by_frame(items: Sequence[FrameItem], leaves: Sequence[Leaf]) -> list[Draft]:
    """The buyer's items in order, each under its criterion; criteria that no item answers in their place between."""
    homes = _align(items, leaves)
    drafts = [_of_item(item, leaves, home) for item, home in zip(items, homes, strict=True)]
    answered = set(homes)
    for number, leaf in enumerate(leaves):
        if number not in answered and not (leaf.names_the_whole_offer and answered - {None}):
            drafts.insert(_place_of(number, drafts), _of_leaf(leaf, number))
    return drafts


def _align(items: Sequence[FrameItem], leaves: Sequence[Leaf]) -> list[int | None]:
    """
    Return the criterion of each item. Buyers list both in the same order: of all ways in which the criteria never go
    back, the one whose items fit best.
    """
    if not leaves:
        return [None] * len(items)
    fit = Assignment([Subject(best_rubric(leaf.criterion.name) or CUSTOM, leaf.criterion.name) for leaf in leaves])
    best: list[tuple[float, list[int | None]]] = [(0.0, []) for _ in leaves]
    for item in items:
        scores = _scores(fit, item, leaves)
        reached: list[tuple[float, list[int | None]]] = []
        for number, score in enumerate(scores):
            total, path = max(best[: number + 1], key=lambda way: way[0])
            reached.append((total + score, [*path, number if score else _last(path)]))
        best = reached
    return max(best, key=lambda way: way[0])[1]


def _scores(fit: Assignment, item: FrameItem, leaves: Sequence[Leaf]) -> list[float]:
    scores = fit.scores(item.wording)
    return [score or (0.1 if leaf.names_the_whole_offer else 0.0) for score, leaf in zip(scores, leaves, strict=True)]


def _last(path: Sequence[int | None]) -> int | None:
    return path[-1] if path else None


def _of_item(item: FrameItem, leaves: Sequence[Leaf], home: int | None) -> Draft:
    leaf = leaves[home] if home is not None else None
    page = f" (RC, p. {item.page})" if item.page else ""
    return Draft(
        rubric=best_rubric(item.wording) or CUSTOM,
        title=item.title,
        guidance=f"L’acheteur attend ici : {_inside_a_sentence(item.wording)}{page}.",
        about=item.wording,
        criterion=leaf.criterion if leaf else None,
        share=leaf.share if leaf else None,
        leaf=home,
        own=(item.requirement_id,) if item.requirement_id else (),
    )


def _inside_a_sentence(wording: str) -> str:
    plain = wording.strip().rstrip(".;")
    return plain[:1].lower() + plain[1:] if plain[1:2].islower() or plain[1:2] in "’'" else plain


def _of_leaf(leaf: Leaf, number: int) -> Draft:
    name = leaf.criterion.name
    key = best_rubric(name) or CUSTOM
    return Draft(
        rubric=key,
        title=name,
        guidance=BY_KEY[key].guidance if key in BY_KEY else CUSTOM_GUIDANCE,
        criterion=leaf.criterion,
        share=leaf.share,
        leaf=number,
    )


def _place_of(number: int, drafts: Sequence[Draft]) -> int:
    """Where a section of a criterion stands: behind those of the criteria before it."""
    return max((place + 1 for place, draft in enumerate(drafts) if (draft.leaf or 0) < number), default=0)


def _with_items(drafts: list[Draft], items: Sequence[FrameItem]) -> list[Draft]:
    """Add what a sentence about the proposal asks for to the guidance of the sections that it belongs to."""
    fit = _make_assignment(drafts)
    for item in items:
        number = fit.best(item.wording)
        if number is not None:
            draft = drafts[number]
            guidance = f"{draft.guidance} L’acheteur attend aussi : {_inside_a_sentence(item.wording)}.".strip()
            drafts[number] = replace(draft, guidance=guidance, about=f"{draft.about} {item.wording}".strip())
    return drafts


def _by_rubrics(result: RCAnalysisResult, leaves: Sequence[Leaf], memo: Sequence[PlannedRequirement]) -> list[Draft]:
    """The standard plan, without the rubrics that nothing calls for; every criterion has a section."""
    called: dict[str, Draft] = {}
    for number, leaf in enumerate(leaves):
        keys = _rubrics_of(leaf)
        for key in keys:
            called.setdefault(key, _of_rubric(key, leaf, number))
        if not keys and not leaf.names_the_whole_offer:
            called[f"{CUSTOM} {number}"] = _of_leaf(leaf, number)
    whole = next((number for number, leaf in enumerate(leaves) if leaf.names_the_whole_offer), None)
    contract = BY_CONTRACT[result.contract_type.value or "services"]
    missing = {*contract, *filter(None, (best_rubric(item.text) for item in memo))} - set(called)
    for key in missing:
        called[key] = _of_rubric(key, leaves[whole] if whole is not None else None, whole)
    return sorted(called.values(), key=_standard_place)


def _rubrics_of(leaf: Leaf) -> list[str]:
    calls = {} if leaf.names_the_whole_offer else count_calls(leaf.criterion.name)
    return sorted(calls, key=lambda key: (-calls[key], ORDER[key]))[:RUBRICS_PER_CRITERION]


def _of_rubric(key: str, leaf: Leaf | None, number: int | None) -> Draft:
    rubric = BY_KEY[key]
    return Draft(
        rubric=key,
        title=rubric.title,
        guidance=rubric.guidance,
        about=leaf.criterion.name if leaf else "",
        criterion=leaf.criterion if leaf else None,
        share=leaf.share if leaf else None,
        leaf=number,
    )


def _standard_place(draft: Draft) -> tuple[int, float, int, int]:
    group = 0 if draft.rubric in FIRST else 2 if draft.rubric in LAST and draft.criterion is None else 1
    leaf = LAST_LEAF if draft.leaf is None else draft.leaf
    return group, -(draft.share or 0.0), leaf, ORDER.get(draft.rubric, len(RUBRICS))


def _keys_of(drafts: Sequence[Draft]) -> list[str]:
    """A key names one section of a plan: the first that speaks of its rubric."""
    keys: list[str] = []
    for draft in drafts:
        keys.append(CUSTOM if draft.rubric in keys else draft.rubric)
    return keys


def _finish(
    drafts: Sequence[Draft], memo: Sequence[PlannedRequirement], *, page_limit: int | None
) -> tuple[PlannedSection, ...]:
    covered = _cover(drafts, memo)
    words = allot_words(_weights(drafts, covered), page_limit=page_limit)
    return tuple(
        PlannedSection(
            key=key,
            title=draft.title[:300],
            guidance=draft.guidance,
            criterion=draft.criterion,
            words_budget=budget,
            requirement_ids=ids,
        )
        for key, draft, budget, ids in zip(_keys_of(drafts), drafts, words, covered, strict=True)
    )


def _weights(drafts: Sequence[Draft], covered: Sequence[Sequence[UUID]]) -> list[float | None]:
    """Return the weight of each section; those of one criterion divide it by what they have to cover."""
    loads = [1 + len(ids) for ids in covered]
    together: Counter[int | None] = Counter()
    for draft, load in zip(drafts, loads, strict=True):
        together[draft.leaf] += load
    return [
        draft.share * load / together[draft.leaf] if draft.share else None
        for draft, load in zip(drafts, loads, strict=True)
    ]


def _cover(drafts: Sequence[Draft], memo: Sequence[PlannedRequirement]) -> list[tuple[UUID, ...]]:
    owners = {identity: number for number, draft in enumerate(drafts) for identity in draft.own}
    fit = _make_assignment(drafts)
    heaviest = max(range(len(drafts)), key=lambda number: drafts[number].share or 0.0, default=0)
    covered: list[list[UUID]] = [[] for _ in drafts]
    for requirement in memo:
        number = owners.get(requirement.id)
        if number is None:
            number = fit.best(requirement.text)
        covered[heaviest if number is None else number].append(requirement.id)
    return [tuple(ids) for ids in covered]


def _make_assignment(drafts: Sequence[Draft]) -> Assignment:
    return Assignment(
        [
            Subject(draft.rubric, draft.title, draft.about, draft.criterion.name if draft.criterion else "")
            for draft in drafts
        ]
    )
