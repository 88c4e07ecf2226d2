"""Play small markets with the rules as plain Python, so that coverage sees which lines run. Run by `make coverage`.

Under the compiler, numba reports a line of a rule when it compiles it, not when it runs: a branch never taken counts.
"""

import os

from salesim.config.scenario import default_scenario
from salesim.model.schedule import play

SMALL = {"weeks": 110, "market.customers.count": 24, "market.selling.salespeople": 3, "contest": "everyone"}
TIRED = [{"week": week, "strategy": name, "training_hours": 5.0} for week, name in ((10, "packaged"), (65, "rainmaking"))]
PLAYED = (
    {"strategy": "pitch", "licence": "subscription", "initiatives": TIRED},
    {"strategy": "diagnostic", "channel": "rebate", "market.people.vacancy_weeks": 0},
    {"strategy": "rainmaking", "channel": "partner_executives", "licence": "subscription"},
    {"strategy": "segmented", "channel": "hold_and_teach", "strategy.segmentation.decline_fit_below": 0.6},
    {"strategy": "rainmaking", "strategy.structure.specialization": 0.5, "market.people.headcount_speed": 0.5},
    {"market.partners.leave_chance": 1.0, "market.partners.least_profit_k": 1000.0, "market.customers.channel_share": 0.8},
    {"strategy": "packaged", "market.buying.stall_chance": 0.5, "strategy.segmentation.pursue_complexity_min": 0.4},
)

if __name__ == "__main__":
    assert os.environ.get("NUMBA_DISABLE_JIT") == "1", "set NUMBA_DISABLE_JIT=1: compiled rules tell nothing"
    for differences in PLAYED:
        play(default_scenario(None, **SMALL, **differences), 1)
