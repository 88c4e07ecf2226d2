"""The C of bargain.c: its records written from numpy's types, compiled by the machine's gcc, and called with the records."""

import ctypes
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np

from recorded import tables_of
from salesim.model.agents.vendor import SETTINGS
from salesim.model.interpolation import OMEGA
from salesim.model.jit import rule
from salesim.model.pricing import OFFER, bargain
from salesim.model.state import Market

HERE = Path(__file__).parent
COMPILER, FLAGS = "gcc", ("-O3", "-march=native", "-std=c11", "-shared", "-fPIC")
C_TYPES = {"f8": "double", "i1": "int8_t", "i2": "int16_t", "i4": "int32_t", "i8": "int64_t"}
KINDS = {"Settings": SETTINGS, "Offer": OFFER}


def layout() -> str:
    """The header: one struct a kind, with assertions that it lies in memory as numpy has it."""
    lines = []
    for name, dtype in KINDS.items():
        fields = {field: dtype.fields[field] for field in dtype.names}
        lines += ["typedef struct {", *[f"    {C_TYPES[kind.str[1:]]} {field};" for field, (kind, _) in fields.items()]]
        lines += [f"}} {name};", f'_Static_assert(sizeof({name}) == {dtype.itemsize}, "{name}");']
        lines += [f'_Static_assert(offsetof({name}, {f}) == {at}, "{name}.{f}");' for f, (_, at) in fields.items()]
    return "\n".join([*lines, ""])


def library(folder: Path) -> ctypes.CDLL | None:
    """Compiles the C in a folder of its own and loads it; None where there is no gcc."""
    if shutil.which(COMPILER) is None:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "layout.h").write_text(layout())
    built = folder / "bargain.so"
    command = [COMPILER, *FLAGS, f"-I{folder}", str(HERE / "bargain.c"), "-o", str(built), "-lm"]
    subprocess.run(command, check=True, capture_output=True, text=True)
    return ctypes.CDLL(str(built))


def bargain_in_c(loaded: ctypes.CDLL, tables: Any, slopes: Any, scales: Any, settings: Any, times: int) -> None:
    """What `bargain_all` does, in C."""
    records = [ctypes.c_void_p(part.ctypes.data) for part in (tables, slopes, scales)]
    table = (ctypes.c_void_p(OMEGA.ctypes.data), ctypes.c_int64(len(OMEGA)))
    sizes = (ctypes.c_int64(tables.shape[0]), ctypes.c_int64(tables.shape[1]))
    loaded.bargain_all(ctypes.c_void_p(settings.ctypes.data), *table, *records, *sizes, times)


@rule
def bargain_all(tables, slopes, scales, s, times):
    """The rule `bargain` for many tables, as often as asked: no call from Python for each."""
    for _ in range(times):
        for i in range(len(tables)):
            bargain(tables[i], tables.shape[1], slopes[i], scales[i], s[0])


def full_tables(market: Market, week: int) -> tuple[Any, Any, Any]:
    """The tables of a running market on which there is an offer of every vendor, with slopes and scales of their buyers."""
    tables = tables_of(market, week)
    full = tables.sizes == tables.offers.shape[1]
    return np.ascontiguousarray(tables.offers[full]).view(np.recarray), tables.slopes[full], tables.scales[full]
