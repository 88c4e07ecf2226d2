"""A vendor's approach as one flat object of levers."""

from dataclasses import asdict, fields
from types import SimpleNamespace
from typing import Any

from salesim.model.parameters import Initiative, Vendor


def levers_of(plan: Vendor | Initiative) -> SimpleNamespace:
    """All levers of a strategy, a channel programme and a licence by name; no two of them share one."""
    strategy = plan.strategy
    groups: tuple[Any, ...] = (strategy.segmentation, strategy.structure, strategy.systems, strategy.support)
    groups += (strategy.position, plan.channel, plan.licence)
    named = {lever.name: getattr(group, lever.name) for group in groups for lever in fields(group)}
    named.pop("name")
    return SimpleNamespace(**named)


def copied(plan: Vendor | Initiative, own: Vendor | Initiative) -> SimpleNamespace:
    """The levers of a plan for who copies it and keeps its own position."""
    return SimpleNamespace(**vars(levers_of(plan)) | asdict(own.strategy.position))


def between(before: float, now: float, share: float) -> float:
    """How far people follow a new approach."""
    return before + share * (now - before)


def mixed(before: SimpleNamespace, now: SimpleNamespace, share: float) -> SimpleNamespace:
    """All levers between two approaches."""
    return SimpleNamespace(**{name: between(lever, getattr(now, name), share) for name, lever in vars(before).items()})
