"""The C of limit.c: its records written from numpy's types, compiled by the machine's gcc, and called with the records."""

import ctypes
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
from llvmlite.binding import load_library_permanently
from numba import types

from clocked import CONCLUDE, DELIVER, NEEDS, PARTS, REST, THINK, WORK, clock_cost, conclude, lap, room, ticks
from markets import at_start, roomy
from replay import Played
from salesim.model.agents.customer import CUSTOMER, RELATION, TREND
from salesim.model.agents.executive import EXECUTIVE
from salesim.model.agents.offer import OFFER, OMEGA, bargain
from salesim.model.agents.partner import PARTNER
from salesim.model.agents.purchase import PURCHASE
from salesim.model.agents.salesperson import SALESPERSON
from salesim.model.agents.vendor import LEVERS, SETTINGS, VENDOR
from salesim.model.jit import rule
from salesim.model.parameters import Scenario
from salesim.model.phases import bookkeeping, contracts, needs, programmes
from salesim.model.records import DEAL
from salesim.model.schedule import records_of
from salesim.model.state import TOTALS, Market

HERE = Path(__file__).parent
COMPILER, FLAGS = "gcc", ("-O3", "-march=native", "-std=c11", "-shared", "-fPIC")
C_TYPES = {"f8": "double", "i1": "int8_t", "i2": "int16_t", "i4": "int32_t", "i8": "int64_t"}
KINDS = {
    "settings": ("Settings", SETTINGS),
    "trends": ("Trend", TREND),
    "customers": ("Customer", CUSTOMER),
    "relations": ("Relation", RELATION),
    "purchases": ("Purchase", PURCHASE),
    "table": ("Offer", OFFER),
    "salespeople": ("Salesperson", SALESPERSON),
    "executives": ("Executive", EXECUTIVE),
    "partners": ("Partner", PARTNER),
    "vendors": ("Vendor", VENDOR),
    "levers": ("Levers", LEVERS),
    "deals": ("Deal", DEAL),
    "totals": ("Totals", TOTALS),
}
limit_work = types.ExternalFunction("limit_work", types.void(types.voidptr, types.int32))
limit_think = types.ExternalFunction("limit_think", types.void(types.voidptr, types.int32, types.voidptr))
limit_bargain_all = types.ExternalFunction(
    "limit_bargain_all",
    types.void(types.voidptr, types.voidptr, types.voidptr, types.voidptr, types.int64, types.int32),
)
COUNTS = ("vendors", "salespeople", "executives", "partners")


class World(ctypes.Structure):
    """Where the records are; the header has the same."""

    _fields_ = (
        *[(name, ctypes.c_void_p) for name in (*KINDS, "omega")],
        *[(f"n_{name}", ctypes.c_int64) for name in (*COUNTS, "omega")],
        ("seed", ctypes.c_uint64),
    )


def layout() -> str:
    """The header: one struct a kind, with assertions that it lies in memory as numpy has it."""
    lines = []
    for name, dtype in dict(KINDS.values()).items():
        fields = {field: dtype.fields[field] for field in dtype.names}
        lines += ["typedef struct {", *[f"    {C_TYPES[kind.str[1:]]} {field};" for field, (kind, _) in fields.items()]]
        lines += [f"}} {name};", f'_Static_assert(sizeof({name}) == {dtype.itemsize}, "{name}");']
        lines += [f'_Static_assert(offsetof({name}, {f}) == {at}, "{name}.{f}");' for f, (_, at) in fields.items()]
    lines += ["typedef struct {", *[f"    {kind} *{name};" for name, (kind, _) in KINDS.items()], "    const double *omega;"]
    lines += [f"    int64_t n_{name};" for name in (*COUNTS, "omega")]
    return "\n".join([*lines, "    uint64_t seed;", "} World;", ""])


def built(folder: Path) -> bool:
    """Compiles the limit in a folder of its own and loads it; False where there is no gcc."""
    if shutil.which(COMPILER) is None:
        return False
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "layout.h").write_text(layout())
    library = folder / "limit.so"
    command = [COMPILER, *FLAGS, f"-I{folder}", str(HERE / "limit.c"), "-o", str(library), "-lm"]
    subprocess.run(command, check=True, capture_output=True, text=True)
    load_library_permanently(str(library))
    return True


def world_of(market: Market) -> Any:
    """Where the records of a market are, as bytes for C; they stay there while the market has room for its deals."""
    world = World(seed=market.seed, omega=OMEGA.ctypes.data, n_omega=len(OMEGA))
    for name in KINDS:
        setattr(world, name, getattr(market, name).ctypes.data)
    for name in COUNTS:
        setattr(world, f"n_{name}", len(getattr(market, name)))
    return np.frombuffer(bytes(world), np.uint8).copy()


def of_limit(scenario: Scenario, clock_from: int) -> Played:
    """Records and nanoseconds of each part, with work and thinking in C."""
    market, weeks = roomy(at_start(scenario)), scenario.weeks
    verdicts, spent, spot = room(market)
    world = world_of(market)
    limited_weeks(market, 0, clock_from, verdicts, spent, spot, world)
    spent[:] = 0.0
    limited_weeks(market, clock_from, weeks, verdicts, spent, spot, world)
    spent = np.maximum(0.0, spent - clock_cost(10_000, spot) * (weeks - clock_from))
    return Played(records_of(market, weeks), dict(zip(PARTS, spent.tolist(), strict=False)))


@rule
def limited_weeks(market, first, last, verdicts, spent, spot, world):
    """`clocked.parted_weeks` with work and thinking in C, called from the same compiled loop."""
    for week in range(first, last):
        programmes.start_initiatives(market, week)
        start = ticks(spot)
        needs.commoditize(market, week)
        needs.find_needs(market, week)
        start = lap(spent, NEEDS, spot, start)
        limit_work(world.ctypes, week)
        start = lap(spent, WORK, spot, start)
        limit_think(world.ctypes, week, verdicts.ctypes)
        start = lap(spent, THINK, spot, start)
        conclude(market, week, verdicts)
        start = lap(spent, CONCLUDE, spot, start)
        contracts.deliver(market, week)
        start = lap(spent, DELIVER, spot, start)
        contracts.renew(market, week)
        programmes.manage_people(market, week)
        bookkeeping.write_week(market, week)
        lap(spent, REST, spot, start)


@rule
def bargain_in_c(world, tables, slopes, scales, times):
    """What `bargain_all` does, in C."""
    limit_bargain_all(world.ctypes, tables.ctypes, slopes.ctypes, scales.ctypes, len(tables), times)


@rule
def bargain_all(tables, slopes, scales, s, times):
    """The rule `bargain` for many tables, as often as asked: no call from Python for each."""
    for _ in range(times):
        for i in range(len(tables)):
            bargain(tables[i], tables.shape[1], slopes[i], scales[i], s[0])


def tables_of(market: Any, count: int) -> tuple[Any, Any, Any]:
    """Tables as the market has them: offers of the last deals that were chosen from, with slopes and scales of their buyers."""
    s = market.settings[0]
    n_vendors = len(market.vendors)
    deals = market.deals[: int(market.totals.n_deals[0])]
    chosen = deals[(deals["closed_week"] >= 0) & (deals["price"] > 0.0)][-count * n_vendors :]
    chosen = chosen[: len(chosen) // n_vendors * n_vendors].reshape(-1, n_vendors)
    tables = np.zeros(chosen.shape, OFFER)
    buyers = market.customers[chosen["customer"][:, 0]]
    scales = s["commoditization_taste_spread"] * (1.0 - buyers["perceived_sameness"]) + s["commoditization_taste_floor"]
    slopes = buyers["price_weight"] * (1.0 + s["bargaining_reference_weight"])
    anchor = (slopes * s["bargaining_reference_weight"] / (1.0 + s["bargaining_reference_weight"]))[:, None]
    tables["appeal"] = chosen["worth"] + anchor * chosen["reference_price"]
    tables["appeal_believed"] = chosen["worth_believed"] + anchor * chosen["reference_price"]
    through = chosen["partner"] >= 0
    tables["cost"] = np.where(through, np.nan_to_num(chosen["partner_cost"]), chosen["unit_cost_k"] / chosen["list_price_k"])
    tables["limit"], tables["floor"] = np.where(through, tables["cost"] + 0.2, 1e9), 0.0
    tables["rounds"] = s["bargaining_rounds"] * (1.0 - s["bargaining_access_patience"] * chosen["access"])
    return tables.view(np.recarray), slopes, scales
