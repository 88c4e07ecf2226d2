"""What all phases need: draws, rows of deals, stocks that are pushed."""

from typing import Any

import numpy as np

GOLDEN, MIX_1, MIX_2 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
S11, S27, S30, S31 = np.uint64(11), np.uint64(27), np.uint64(30), np.uint64(31)


def mix(bits: Any) -> Any:
    bits = (bits ^ (bits >> S30)) * MIX_1
    bits = (bits ^ (bits >> S27)) * MIX_2
    return bits ^ (bits >> S31)


def draws(seed: int, purpose: int, who: Any, occasion: Any) -> Any:
    """Keyed draws of an array of agents."""
    with np.errstate(over="ignore"):
        bits = mix(np.uint64(seed) + GOLDEN * np.uint64(purpose + 1))
        bits = mix(bits + GOLDEN * (who.astype(np.uint64) + np.uint64(1)))
        bits = mix(bits + GOLDEN * (np.asarray(occasion).astype(np.uint64) + np.uint64(1)))
    return (bits >> S11).astype(float) * 2.0**-53


def gumbel(uniform: Any) -> Any:
    return -np.log(-np.log(np.maximum(uniform, 1e-300)))


def rows_of(purchases: Any) -> tuple[Any, Any, Any]:
    """Rows of all deals of purchases, the place of each deal's purchase, and its place there."""
    counts = purchases["n_deals"].astype(np.int64)
    owner = np.repeat(np.arange(len(counts)), counts)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    return purchases["first_deal"][owner] + place, owner, place


def trust_in(relations: Any) -> Any:
    weight = relations["person_weight"]
    return weight * relations["trust_person"] + (1.0 - weight) * relations["trust_firm"]


def moved(level: Any, push: Any) -> Any:
    """Stocks from 0 to 1 after a push up or down."""
    push = np.clip(push, -1.0, 1.0)
    return level + push * np.where(push > 0.0, 1.0 - level, level)


def opened(access: Any, hours: Any, gain: float) -> Any:
    return access + (1.0 - access) * (1.0 - np.exp(-gain * hours))


def between(before: Any, now: Any, share: Any) -> Any:
    return before + share * (now - before)
