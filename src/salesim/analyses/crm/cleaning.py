"""Deals out of the table of an export: what cannot be used is left out and counted, what may be wrong is refused."""

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from salesim.analyses.crm.reading import Finding
from salesim.analyses.crm.values import SLASHES, cell, date_parts, dates, day_first
from salesim.config.crm_mapping import CrmMapping, plain
from salesim.config.errors import InputError
from salesim.model.enums import Outcome

MISSING = ("none", "null", "nan", "n/a", "na", "#n/a", "-", "--", "?")
OUTCOMES = {"won": Outcome.WON, "lost": Outcome.LOST, "no_decision": Outcome.NO_DECISION, "open": Outcome.OPEN}
FEWEST = 30  # deals closed, and won, from which anything can be said
MANY_BACKWARDS = 0.05  # share of closed deals that close before they open, from which the columns must be wrong
EARLIEST = pd.Timestamp("1990-01-01")


@dataclass
class Cleaning:
    """An export while it is cleaned: its rows that are still used, and what was found."""

    table: pd.DataFrame
    mapping: CrmMapping
    export: Path
    findings: list[Finding] = field(default_factory=list)

    def column(self, key: str) -> pd.Series:
        """The texts of a column of the mapping, for the rows that are still used."""
        return self.table[self.mapping.columns()[key]]

    def add(self, trap: str, count: int, done: str, change: str = "") -> None:
        """Note a trap, if any row has it."""
        if count:
            self.findings.append(Finding(trap, int(count), done, change))

    def note(self, trap: str, done: str, change: str = "") -> None:
        """Note a trap of the file as a whole."""
        self.findings.append(Finding(trap, 0, done, change))

    def leave_out(self, wrong: pd.Series, trap: str, change: str = "") -> None:
        """Take rows away, and count them with the first of them."""
        if wrong.any():
            self.add(trap, wrong.sum(), f"left out, first row {wrong.index[wrong][0]}", change)
            self.table = self.table[~wrong]


def cleaned(table: pd.DataFrame, mapping: CrmMapping, export: Path) -> tuple[pd.DataFrame, Cleaning]:
    """The deals: `outcome`, the days `opened` and `closed` (NaT while it is open), indexed by row of the file.

    Raises InputError with row and column for what has to be corrected first, and for too few usable rows.
    """
    work = Cleaning(table, mapping, export)
    blank_missing(work)
    drop_duplicates(work)
    stages = read_stages(work)
    opened, closed = read_dates(work, stages)
    deals = pd.DataFrame({"outcome": stages.reindex(work.table.index), "opened": opened, "closed": closed})
    deals = in_order(deals, work)
    n_closed, n_won = int((deals.outcome != Outcome.OPEN).sum()), int((deals.outcome == Outcome.WON).sum())
    if min(n_closed, n_won) < FEWEST:
        reasons = "; ".join(f"{each.trap}: {each.rows:,}" for each in work.findings if each.rows) or "nothing was left out"
        raise InputError(
            f"{export} has {n_closed} usable closed deals, {n_won} of them won, of {len(table):,} rows, and a fit needs "
            f"{FEWEST} won ones ({reasons}); export a longer time"
        )
    return deals, work


def blank_missing(work: Cleaning) -> None:
    """Read words such as None as missing, unless the mapping says that they are a stage."""
    named, count = work.mapping.stages(), 0
    for key, name in work.mapping.columns().items():
        words = work.table[name].str.lower().isin(MISSING)
        if key == "stage":
            words &= ~work.table[name].map(plain).isin(named)
        count += words.sum()
        work.table = work.table.assign(**{name: work.table[name].mask(words, "")})
    work.add("cells with a text such as None", count, "read as missing", "a stage of that name: list it in the mapping")


def drop_duplicates(work: Cleaning) -> None:
    """Keep one row of those with the same id."""
    if work.mapping.id is None:
        work.note("no column of ids", "duplicates were not looked for", "`id: COLUMN`")
        return
    ids, keep = work.column("id"), work.mapping.duplicates
    twice = ids.duplicated(keep=keep) & (ids != "")
    other = "first" if keep == "last" else "last"
    work.leave_out(twice, f"duplicates of an id (the {keep} row is used)", f"`duplicates: {other}`")


def read_stages(work: Cleaning) -> pd.Series:
    """The outcome of each row. Raises InputError for a stage that the mapping does not have."""
    texts = work.column("stage")
    work.leave_out(texts == "", "no stage")
    kinds = work.column("stage").map({text: work.mapping.stages().get(plain(text), "") for text in texts.unique()})
    unknown = kinds.index[kinds == ""]
    if len(unknown):
        rows = work.column("stage")[unknown]
        raise InputError(
            f"{work.export} {cell(texts, unknown[0])} is a stage that the mapping does not have ({len(unknown):,} rows, "
            f"{rows.nunique()} such stages); add it to won, lost, no_decision, open or ignore "
            "(mapping=FILE, which may begin with `layout: salesforce`)"
        )
    work.leave_out(kinds == "ignore", "stages that the mapping ignores", "`ignore: [STAGE, …]`")
    return kinds[kinds != "ignore"].map(OUTCOMES).astype(int)


def read_dates(work: Cleaning, stages: pd.Series) -> tuple[pd.Series, pd.Series]:
    """When each deal opened and closed; the date of an open one is a plan, and is not read. Raises InputError."""
    texts = {key: work.column(key) for key in ("opened", "closed")}
    is_open = stages.reindex(work.table.index) == Outcome.OPEN
    for key, column in texts.items():
        if (column == "").all():
            raise InputError(
                f"{work.export} has no date in column {column.name!r} in any of {len(column):,} rows (first row "
                f"{column.index[0]}); a fit needs the days on which deals opened and closed: export them, or correct `{key}`"
            )
    planned = is_open & (texts["closed"] != "")
    work.add("open deals with a date of closing", planned.sum(), "read as a plan: they are open")
    texts["closed"] = texts["closed"].mask(is_open, "")
    try:
        return in_calendar(texts, work)
    except InputError as error:
        raise InputError(f"{work.export} {error}") from error


def in_calendar(texts: dict[str, pd.Series], work: Cleaning) -> tuple[pd.Series, pd.Series]:
    """Both columns as days; a column whose order nothing tells has that of the other. Raises InputError."""
    parts = {key: date_parts(column) for key, column in texts.items()}
    orders = {key: day_first(texts[key], parts[key], work.mapping.dates) for key in texts}
    slashed = {key: texts[key][parts[key].index[~parts[key].year_first]] for key in texts}
    known = [order for order in orders.values() if order is not None]
    for key, column in slashed.items():
        if len(column) and not known:
            raise InputError(
                f"{cell(column, column.index[0])} may begin with the day or the month, as no number of the column is above 12; "
                "say `dates: day/month/year` or `dates: month/day/year` in the mapping"
            )
        order = orders[key] if orders[key] is not None else (known or [False])[0]
        orders[key] = order
        work.add(
            f"dates that do not begin with the year, column {column.name!r}", len(column), f"read as {SLASHES[bool(order)]}",
            f"`dates: {SLASHES[not order]}`",
        )  # fmt: skip
    opened, closed = (dates(texts[key], parts[key], bool(orders[key])) for key in texts)
    return opened, closed


def in_order(deals: pd.DataFrame, work: Cleaning) -> pd.DataFrame:
    """The deals whose dates can be used. Raises InputError if many close before they open."""
    is_open = deals.outcome == Outcome.OPEN
    today = pd.Timestamp.now().normalize()
    unusual = ((deals[["opened", "closed"]] < EARLIEST) | (deals[["opened", "closed"]] > today)).any(axis=1)
    backwards = deals.closed < deals.opened
    if backwards.sum() > max(1, MANY_BACKWARDS * (~is_open).sum()) and backwards.sum() > FEWEST:
        raise InputError(
            f"{work.export} row {backwards.index[backwards][0]}, columns {work.mapping.opened!r} and {work.mapping.closed!r}: "
            f"closed before it opened, as {backwards.sum():,} deals of {(~is_open).sum():,} do; `opened` and `closed` are "
            "perhaps exchanged"
        )
    reasons = {
        "open deals without a date of opening (not begun)": is_open & deals.opened.isna(),
        "closed deals without a date of opening": ~is_open & deals.opened.isna(),
        "closed deals without a date of closing": ~is_open & deals.closed.isna(),
        "dates before 1990 or after today": unusual,
        "closed before it opened (negative days)": backwards,
    }
    for trap, wrong in reasons.items():
        work.leave_out(wrong.reindex(work.table.index, fill_value=False), trap, "correct the dates")
    return within(deals.loc[work.table.index], work)


def within(deals: pd.DataFrame, work: Cleaning) -> pd.DataFrame:
    """The deals as they stood on the last day, if the mapping names one. Raises InputError."""
    if work.mapping.last_day is None:
        return deals
    last = pd.to_datetime(work.mapping.last_day, format="%Y-%m-%d", errors="coerce")
    if pd.isna(last):
        raise InputError(f"last_day of the mapping is {work.mapping.last_day!r}; write it as 2017-12-31")
    work.leave_out(deals.opened > last, "opened after last_day", "`last_day: YYYY-MM-DD`")
    deals = deals.loc[work.table.index]
    later = deals.closed > last
    work.add("closed after last_day", later.sum(), "counted as open on that day", "`last_day: YYYY-MM-DD`")
    return deals.assign(outcome=deals.outcome.mask(later, int(Outcome.OPEN)), closed=deals.closed.mask(later, pd.NaT))
