"""The same market written as a careful Mesa user would: agents with attributes and methods, no compiler, no arrays.

It was written from `docs/odd.md` and shares no rule with the package: only the keyed draws, the scenario with its words,
and the columns of the records. `tests/test_plain_mesa.py` compares the records of the two; `benchmarks/` compares their speed.
"""

from plain_mesa.market import PlainMarket, play

__all__ = ["PlainMarket", "play"]
