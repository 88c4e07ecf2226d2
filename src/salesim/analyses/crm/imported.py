"""From the file of an export to targets, what was found on the way, and the last quarter that was held back."""

import hashlib
from pathlib import Path
from typing import Any, NamedTuple

from salesim.analyses.crm.cleaning import FEWEST, Cleaning, cleaned
from salesim.analyses.crm.numbers import (
    FEWEST_LATE,
    FEWEST_QUARTERS,
    Span,
    in_weeks,
    measured,
    span_of,
    target_names,
    watch_open,
    watched,
)
from salesim.analyses.crm.prices import discounts
from salesim.analyses.crm.reading import Finding, read_export
from salesim.config.config_files import place_of
from salesim.config.crm_mapping import mapping_of
from salesim.config.errors import InputError
from salesim.config.targets import Target
from salesim.metrics import METRICS
from salesim.metrics.facts import QUARTER_WEEKS
from salesim.model.enums import Outcome


class Imported(NamedTuple):
    """An export of opportunities: its targets, the same of the last quarter, and what was found; `used` of `rows` are deals."""

    path: Path
    origin: str  # of the mapping
    columns: dict[str, str]
    targets: tuple[Target, ...]
    held: tuple[Target, ...]  # the same of the last quarter, which no target knows
    findings: tuple[Finding, ...]
    rows: int
    used: int
    digest: str

    def record(self) -> dict[str, Any]:
        """As plain values."""
        return {
            "export": str(self.path),
            "mapping": self.origin,
            "columns": self.columns,
            "rows": self.rows,
            "used": self.used,
            "findings": [each._asdict() for each in self.findings],
            "targets": [
                {**each._asdict(), "title": METRICS[each.measure].title, "unit": METRICS[each.measure].unit}
                for each in self.targets
            ],
        }


def imported(export: str, mapping_file: str | None) -> Imported:
    """Read an export. Raises InputError that names row and column, or what is missing."""
    path = place_of(export)
    table, findings = read_export(path)
    mapping, origin = mapping_of(mapping_file, list(table.columns), path)
    deals, work = cleaned(table, mapping, path)
    deals = in_weeks(deals)
    span = span_of(deals, work)
    deals = watch_open(deals, span, work)
    deals = deals.assign(discount=discounts(deals, work), **owners(work, deals.index))
    names = target_names(deals, work)
    targets, held = with_last_quarter(deals, names, span, work)
    files = [path.read_bytes(), place_of(mapping_file).read_bytes() if mapping_file else b""]
    digest = hashlib.sha256(b"".join(files)).hexdigest()
    traps = (*findings, *work.findings)
    return Imported(path, origin, mapping.columns(), tuple(targets), tuple(held), traps, len(table), len(deals), digest)


def owners(work: Cleaning, rows: Any) -> dict[str, Any]:
    """Who sells each deal; what is missing in columns that no number needs is noted."""
    table, mapping = work.table.loc[rows], work.mapping
    if mapping.account:
        accounts = table[mapping.account]
        work.add("deals without an account", (accounts == "").sum(), "used, as no number is by account")
    if mapping.owner:
        work.add("deals without an owner", (table[mapping.owner] == "").sum(), "used, but not counted as sellers")
    return {
        "owner": table[mapping.owner] if mapping.owner else "",
        "through_partner": table[mapping.partner] != "" if mapping.partner else False,
    }


def with_last_quarter(deals: Any, names: list[str], span: Span, work: Cleaning) -> tuple[list[Target], list[Target]]:
    """Targets of all weeks but the last quarter, and the same numbers of that quarter; raises InputError for too few deals."""
    cut = span.end - QUARTER_WEEKS
    before, after = Span(span.start, cut), Span(cut, span.end)
    enough = span.end - span.start >= FEWEST_QUARTERS * QUARTER_WEEKS and all(
        (watched(deals, part).outcome == Outcome.WON).sum() >= fewest
        for part, fewest in ((before, FEWEST), (after, FEWEST_LATE))
    )
    if not enough:
        work.note("too few weeks, or deals won in them, to hold back the last quarter", "all are used")
        before = span
    targets = [target for target in measured(deals, names, before).values() if target.standard_error > 0.0]
    for name in sorted({*names} - {target.measure for target in targets}):
        work.note(f"{name} is the same in all deals, or missing", "no target; a setting of the market may say it")
    names = [target.measure for target in targets]
    if not targets:
        raise InputError(f"{work.export} has no number that a market has; name more columns in the mapping")
    return targets, list(measured(deals, names, after).values()) if enough else []
