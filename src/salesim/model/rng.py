"""Counter-based random numbers: each is a function of (seed, purpose, who, occasion), never of the order of calls.

The same customer therefore gets the same random numbers under every strategy (common random numbers), and results do not
depend on workers, threads or order. The mixing function is SplitMix64's finalizer (Steele, Lea & Flood 2014; constants of
Stafford's variant 13).
"""

import math
from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from salesim.model.errors import InputError
from salesim.model.jit import rule

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_S27, _S30, _S31, _S11 = np.uint64(27), np.uint64(30), np.uint64(31), np.uint64(11)
_UNIT = 2.0**-53
LARGEST_SEED = 2**63 - 1


# What a random number is for. Each purpose has numbers of its own, by its place in this order; new ones come last.
Purpose = IntEnum(
    "Purpose",
    "COMPLEXITY COMPETENCE READINESS VALUE PRICE_WEIGHT ROUTE SENIORITY ACQUAINTANCE TERRITORY SPONSOR LEARNING SUCCESSOR "
    "RIVALS NEED INVITATION GROUP CONSENSUS STALL TASTE RENEWAL LEAVING STATUS_QUO WAITING OUTCOME STICKY "
    "INSTALLED COPYING GIVING_UP REWORK",
    start=0,
)


def seed_of(rng: Any, seed: Any = None) -> int:
    """The seed of a run: the whole number itself, also as text; one drawn from what numpy takes; a new one for None.

    `seed` is Mesa's older name of `rng`. Raises InputError if both are given, or one that is no seed.
    """
    if rng is not None and seed is not None:
        raise InputError(f"rng is {rng!r} and seed is {seed!r}; give one of them, they mean the same")
    given = seed if rng is None else rng
    try:
        number = int(given) if isinstance(given, str) else given
        if not isinstance(number, int | np.integer):
            return int(np.random.default_rng(number).integers(2**31))
        if 0 <= number <= LARGEST_SEED:
            return int(number)
    except (TypeError, ValueError):
        pass
    allowed = f"a whole number from 0 to {LARGEST_SEED}, or a numpy Generator"
    raise InputError(f"{'rng' if seed is None else 'seed'} is {given!r:.60}; it has to be {allowed}")


@rule
def mix(bits: np.uint64) -> np.uint64:
    """64 bits in, 64 well-mixed bits out (a bijection)."""
    bits = (bits ^ (bits >> _S30)) * _MIX_1
    bits = (bits ^ (bits >> _S27)) * _MIX_2
    return bits ^ (bits >> _S31)


@rule
def key(seed: int, purpose: int, who: int) -> np.uint64:
    """Key of all numbers of one seed, purpose and agent, from which `uniform` computes each number."""
    bits = mix(np.uint64(seed) + _GOLDEN * np.uint64(purpose + 1))
    return mix(bits + _GOLDEN * np.uint64(who + 1))


@rule
def uniform(key_bits: np.uint64, occasion: int) -> float:
    """Uniform number in [0, 1) of a key and an occasion."""
    bits = mix(key_bits + _GOLDEN * np.uint64(occasion + 1))
    return float(bits >> _S11) * _UNIT


@rule
def uniform_for(seed: int, purpose: int, who: int, occasion: int) -> float:
    """Uniform number in [0, 1) that belongs to this seed, purpose, agent and occasion alone."""
    return uniform(key(seed, purpose, who), occasion)


@rule
def first_below(chance: float, seed: int, purpose: int, who: int, first: int, last: int) -> int:
    """First occasion from `first` to `last - 1` whose number is below `chance`, or `last`.

    Scanning the weekly numbers ahead saves the weekly check of agents without an event; each number still belongs to its week,
    so a customer has the same ones under every strategy.
    """
    bits = key(seed, purpose, who)
    occasion = first
    while occasion < last and uniform(bits, occasion) >= chance:
        occasion += 1
    return occasion


@rule
def gumbel(probability: float) -> float:
    """Standard Gumbel quantile of a probability in [0, 1)."""
    return -math.log(-math.log(max(probability, 1e-300)))


@rule
def standard_normal(seed: int, purpose: int, who: int, occasion: int) -> float:
    """Standard normal number of a key and an occasion, from its numbers 2 * occasion and the next (Box & Muller 1958)."""
    radius = math.sqrt(-2.0 * math.log(max(uniform_for(seed, purpose, who, 2 * occasion), 1e-300)))
    return radius * math.cos(2.0 * math.pi * uniform_for(seed, purpose, who, 2 * occasion + 1))


def uniforms(seed: int, purpose: int, who: Any, occasion: Any) -> npt.NDArray[np.float64]:
    """`uniform_for` of many keys at once: `who` and `occasion` are whole numbers or arrays that broadcast."""
    who, occasion = np.broadcast_arrays(np.asarray(who), np.asarray(occasion))
    numbers = np.empty(who.size)
    _fill(numbers, seed, int(purpose), who.astype(np.int64).ravel(), occasion.astype(np.int64).ravel())
    return numbers.reshape(who.shape)


@rule
def _fill(
    numbers: npt.NDArray[np.float64], seed: int, purpose: int, who: npt.NDArray[np.int64], occasion: npt.NDArray[np.int64]
) -> None:
    """`numbers[i] = uniform_for(seed, purpose, who[i], occasion[i])`."""
    for i in range(len(numbers)):
        numbers[i] = uniform_for(seed, purpose, who[i], occasion[i])
