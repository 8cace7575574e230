"""Award criteria as the bars of a chart: widths in per cent of the drawing, values as text beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import number_format

from proposals.analysis import AwardCriterion
from proposals.dashboard.wording import WEIGHT_UNITS

#: Sub-criteria that exceed their parent's weight by more than this count within 100, not within the parent.
TOLERANCE = 0.01
#: What one grid of criteria adds up to at most.
FULL_WEIGHT = 100


@dataclass(frozen=True)
class Bar:
    """One criterion. `width` is 0–100 of the drawing, None where the RC gives no weight."""

    number: str
    name: str
    value: str
    width: float | None
    page: int | None
    quote: str
    children: tuple[Bar, ...] = ()


@dataclass(frozen=True)
class Chart:
    """
    The criteria; `weighted` is False when the RC only ranks them.

    `total` is the sum as text; empty where it says nothing, because the grids of several lots are listed together.
    """

    bars: tuple[Bar, ...]
    weighted: bool
    total: str


def draw(criteria: Sequence[AwardCriterion]) -> Chart:
    """Return the chart; the heaviest criterion fills the drawing."""
    weights = [criterion.weight for criterion in criteria if criterion.weight is not None]
    unit = next((criterion.unit for criterion in criteria if criterion.unit), None)
    heaviest = max(weights, default=0.0)
    return Chart(
        bars=tuple(_bar(criterion, per_weight=100 / heaviest if heaviest else None) for criterion in criteria),
        weighted=bool(weights),
        total=_value(sum(weights), unit) if 0 < sum(weights) <= FULL_WEIGHT + TOLERANCE else "",
    )


def _bar(criterion: AwardCriterion, *, per_weight: float | None) -> Bar:
    width = criterion.weight * per_weight if criterion.weight is not None and per_weight is not None else None
    child_scale = _child_scale(criterion, per_weight)
    return Bar(
        number=criterion.number or "",
        name=criterion.name,
        value=_value(criterion.weight, criterion.unit) if criterion.weight is not None else "",
        width=round(width, 2) if width is not None else None,
        page=criterion.page,
        quote=criterion.quote or "",
        children=tuple(_bar(child, per_weight=child_scale) for child in criterion.children),
    )


def _child_scale(criterion: AwardCriterion, per_weight: float | None) -> float | None:
    """Return what one unit of a child's weight is worth in the drawing: children never outgrow their parent."""
    total = sum(child.weight or 0 for child in criterion.children)
    if criterion.weight is None or per_weight is None or total <= criterion.weight + TOLERANCE:
        return per_weight
    return per_weight * criterion.weight / total


def _value(weight: float, unit: str | None) -> str:
    decimals = 0 if float(weight).is_integer() else 2
    text = number_format(weight, decimal_pos=decimals)
    text = text.rstrip("0").rstrip(",") if decimals else text
    return f"{text}\u00a0{WEIGHT_UNITS[unit]}" if unit else text
