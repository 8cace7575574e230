"""The tree of award criteria: which items are sub-criteria is told by numbers, words, layout and arithmetic."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from proposals.analysis import AwardCriterion, WeightUnit
from proposals.engines.offline.criteria_item import Item
from proposals.engines.offline.criteria_items import find_items, find_unweighted
from proposals.engines.offline.evidence import Reading
from proposals.engines.offline.folding import words

WHOLE = 100.0
ONLY_PRICE = re.compile(
    r"(?:seul|unique) critere (?:du |de |est (?:le |celui du )?)?prix|critere unique(?: du| :| est le|"
    r" de)? prix|prix (?:est|sera|constitue)[^.]{0,30}(?:seul|unique) critere|"
    r"unique critere[^.]{0,20}prix"
)


@dataclass
class _Node:
    item: Item
    children: list[_Node] = field(default_factory=list)


def find_award_criteria(reading: Reading) -> tuple[AwardCriterion, ...]:
    """Return the criteria by which offers are judged, with their sub-criteria."""
    items = _keep_one_unit(_drop_total(find_items(reading)))
    if not items:
        unweighted = find_unweighted(reading)
        return tuple(_to_criterion(reading, _Node(item)) for item in unweighted) or _only_price(reading)
    trees = [_balance(_build(group)) for group in _by_lot(items)]
    return tuple(_to_criterion(reading, node) for tree in _drop_repeated(trees) for node in tree)


def _by_lot(items: list[Item]) -> list[list[Item]]:
    """Criteria may differ from lot to lot: each lot then has its own list."""
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(item.lot, []).append(item)
    return list(groups.values())


def _drop_repeated(trees: list[list[_Node]]) -> list[list[_Node]]:
    kept: dict[tuple[tuple[str, float | None], ...], list[_Node]] = {}
    for tree in trees:
        kept.setdefault(tuple((node.item.name.lower(), node.item.weight) for node in tree), tree)
    return list(kept.values())


def _only_price(reading: Reading) -> tuple[AwardCriterion, ...]:
    for block in reading.blocks:
        found = ONLY_PRICE.search(block.folded)
        if found:
            quote = reading.quote(block, found.start(), found.end())
            return (AwardCriterion(name="Prix", weight=WHOLE, unit="percent", page=block.page, quote=quote),)
    return ()


def _keep_one_unit(items: list[Item]) -> list[Item]:
    """Points that only restate percentages ("noté sur 20") are no weights of their own."""
    percents = [item for item in items if item.unit == "percent"]
    if len(percents) >= 2 and abs(_top_sum(percents) - WHOLE) < 0.01:
        return [item for item in items if item.unit == "percent" or item.depth == 1 or not _says_scale(item)]
    return items


def _drop_total(items: list[Item]) -> list[Item]:
    """What weighs 100 beside others is their total ("les offres sont notées sur 100 points")."""
    parts = [item for item in items if item.weight is None or item.weight < WHOLE or item.depth == 1]
    return parts if len(parts) > 1 else items


def _top_sum(items: list[Item]) -> float:
    return sum(node.item.weight or 0 for node in _balance(_build(items)))


def _says_scale(item: Item) -> bool:
    return bool(re.search(r"not(?:e|es|ee|ees|er|ation)\b", item.block.folded))


def _build(items: list[Item]) -> list[_Node]:
    """Return the tree as the layout shows it."""
    roots: list[_Node] = []
    shapes: list[tuple[tuple[str, ...], _Node]] = []
    for item in items:
        known = _find_known(roots, item)
        if known:
            shapes = [(item.shape, known)]
            continue
        depth = _depth(item, roots, shapes)
        node = _Node(item)
        if depth and shapes:
            parent = _parent(item, roots) or shapes[0][1]
            if item.under is not None and item.under < len(roots):
                parent = roots[item.under]
            if item.under_name:
                parent = next((root for root in roots if _shares_words(root.item.name, item.under_name)), parent)
            if any(_same_name(child.item, item) for child in parent.children):
                continue
            parent.children.append(node)
            shapes = [shapes[0], (item.shape, node)]
        elif not _is_complete(roots):
            roots.append(node)
            shapes = [(item.shape, node)]
    return roots


def _is_complete(roots: list[_Node]) -> bool:
    return len(roots) >= 2 and abs(_sum(roots) - WHOLE) < 0.01


def _depth(item: Item, roots: list[_Node], shapes: list[tuple[tuple[str, ...], _Node]]) -> int:
    if not shapes:
        return 0
    if item.depth is not None:
        return item.depth
    if item.number and re.search(r"\d[.\-]?[\da-z]", item.number) and _parent(item, roots):
        return 1
    if _continues_numbers(item, roots):
        return 0
    top = roots[0].item
    if item.shape == top.shape:
        return 0
    if len(shapes) > 1 and item.shape == shapes[1][0]:
        return 1
    return 1 if _fits_under(item, shapes[0][1]) else 0


def _continues_numbers(item: Item, roots: list[_Node]) -> bool:
    """Return whether the item bears the number after that of the last criterion, and does not count its parts."""
    last, number = roots[-1].item.number or "", item.number or ""
    if not (last.isdigit() and number.isdigit() and int(number) == int(last) + 1 and len(roots) > 1):
        return False
    return not any((child.item.number or "").isdigit() for child in roots[-1].children)


def _fits_under(item: Item, parent: _Node) -> bool:
    used = sum(child.item.weight or 0 for child in parent.children)
    return (item.weight or 0) + used <= max(
        parent.item.weight or 0, WHOLE if parent.item.unit != item.unit else 0
    ) + 0.01


def _parent(item: Item, roots: list[_Node]) -> _Node | None:
    """Return the criterion whose number begins the number of the item ("2" for "2.1")."""
    if not item.number:
        return None
    head = re.match(r"\d+|[a-z]", item.number.lower())
    if not head or head.group() == item.number:
        return None
    return next((node for node in roots if (node.item.number or "").lower() == head.group()), None)


def _find_known(roots: list[_Node], item: Item) -> _Node | None:
    for node in roots:
        same_number = not (item.number and node.item.number) or item.number == node.item.number
        if (
            same_number
            and node.item.weight == item.weight
            and _same_name(node.item, item)
            and node.item.block is not item.block
        ):
            return node
    return None


def _same_name(one: Item, other: Item) -> bool:
    return _shares_words(one.name, other.name)


def _shares_words(one: str, other: str) -> bool:
    mine, theirs = set(words(one)), set(words(other))
    common = mine & theirs
    return (
        bool(common)
        and len(common) >= 0.6 * min(len(mine), len(theirs))
        and len(common) >= 0.34 * max(len(mine), len(theirs))
    )


def _balance(roots: list[_Node]) -> list[_Node]:
    """Correct the tree where the weights show that the layout misled: the top must add up to 100."""
    if abs(_sum(roots) - WHOLE) < 0.01:
        return roots
    flat = [node for root in roots for node in (root, *root.children)]
    if abs(sum(node.item.weight or 0 for node in flat) - WHOLE) < 0.01 and not any(node.item.depth for node in flat):
        return [_Node(node.item) for node in flat]
    grouped = _group_by_sum(roots)
    return grouped if abs(_sum(grouped) - WHOLE) < 0.01 else roots


def _sum(nodes: list[_Node]) -> float:
    return sum(_weight(node) or 0 for node in nodes)


def _group_by_sum(nodes: list[_Node]) -> list[_Node]:
    """Put under a criterion the following ones whose weights add up to its own."""
    grouped: list[_Node] = []
    index = 0
    while index < len(nodes):
        node = nodes[index]
        taken = 0 if node.children else _run_adding_up(nodes, index)
        grouped.append(_Node(node.item, node.children or nodes[index + 1 : index + 1 + taken]))
        index += 1 + taken
    return grouped


def _run_adding_up(nodes: list[_Node], index: int) -> int:
    target, total = nodes[index].item.weight or 0, 0.0
    for count, node in enumerate(nodes[index + 1 :], start=1):
        total += node.item.weight or 0
        if abs(total - target) < 0.01 and count >= 2:
            return count
        if total > target:
            return 0
    return 0


def _weight(node: _Node) -> float | None:
    """Return the weight; a criterion that only shows those of its parts weighs their sum."""
    parts = [child.item.weight for child in node.children if child.item.weight is not None]
    return node.item.weight if node.item.weight is not None or not parts else sum(parts)


def _real_children(node: _Node) -> list[_Node]:
    """A single part that weighs as much as the whole only explains it."""
    alone = len(node.children) == 1 and node.children[0].item.weight == _weight(node)
    return [] if alone else node.children


def _unit(node: _Node) -> WeightUnit | None:
    if _weight(node) is None:
        return None
    return node.item.unit or next((child.item.unit for child in node.children if child.item.unit), "percent")


def _without_number(name: str, number: str | None) -> str:
    """Cut a number off the name that says it again ("2.1 – Montant")."""
    if number is None:
        return name
    return re.sub(rf"^{re.escape(number)}[\s.)°:–—-]+(?=\S)", "", name)


def _to_criterion(reading: Reading, node: _Node) -> AwardCriterion:
    item = node.item
    return AwardCriterion(
        number=item.number,
        name=_without_number(item.name, item.number),
        weight=_weight(node),
        unit=_unit(node),
        page=item.block.page,
        quote=reading.quote(item.block, item.start, item.end),
        children=tuple(_to_criterion(reading, child) for child in _real_children(node)),
    )
