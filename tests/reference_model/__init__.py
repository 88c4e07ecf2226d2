"""The same market written as a careful Mesa user would: agents with attributes and methods, no compiler, no arrays.

It was written from `docs/odd.md` alone and shares no rule with the package: only the counter-based random numbers, the
scenario, the enumerations and the columns of the records. `test_reference_model.py` compares the records of the two, and
`make bench` their speed.
"""

from tests.reference_model.market import PlainMarket, play

__all__ = ["PlainMarket", "play"]
