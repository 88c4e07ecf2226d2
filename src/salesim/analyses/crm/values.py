"""Dates and numbers out of the texts of a column; refusals name row and column."""

import re

import pandas as pd

from salesim.config.errors import InputError

DATE = r"^(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?:[T ,].*)?$"
SLASHES = {True: "day/month/year", False: "month/day/year"}
COMMA = re.compile(r",(?:\d{1,2}|\d{4,})$|\..*,")  # of a decimal comma, for sure
POINT = re.compile(r"\.(?:\d{1,2}|\d{4,})$|,.*\.")
EITHER = re.compile(r"\.\d{3}$")  # a decimal point, or a German thousand


def cell(texts: pd.Series, row: int) -> str:
    """Where a cell is, and what it has."""
    return f"row {row}, column {texts.name!r}: {texts[row][:40]!r}"


def date_parts(texts: pd.Series) -> pd.DataFrame:
    """The three numbers of each date, and whether the year comes first; empty texts are left out. Raises InputError."""
    some = texts[texts != ""]
    parts = some.str.extract(DATE)
    if parts[0].isna().any():
        raise InputError(f"{cell(texts, parts.index[parts[0].isna()][0])} is not a date such as 2017-03-31 or 31/3/2017")
    return parts.astype(int).assign(year_first=parts[0].str.len() == 4)


def day_first(texts: pd.Series, parts: pd.DataFrame, wanted: str | None) -> bool | None:
    """Whether the day comes first in dates that do not begin with the year; None if nothing tells. Raises InputError."""
    if wanted:
        return wanted == SLASHES[True]
    rest = parts[~parts.year_first]
    days, months = rest.index[rest[0] > 12], rest.index[rest[1] > 12]
    if len(days) and len(months):
        raise InputError(
            f"two date orders in one column: {cell(texts, days[0])} begins with a day, and {cell(texts, months[0])} with a "
            "month; write all in one order"
        )
    return True if len(days) else False if len(months) else None


def dates(texts: pd.Series, parts: pd.DataFrame, is_day_first: bool) -> pd.Series:
    """The days, NaT where the text is empty. Raises InputError for a date that no calendar has."""
    first, second, third = parts[0], parts[1], parts[2]
    year = first.where(parts.year_first, third)
    month = second.where(parts.year_first | is_day_first, first)
    day = third.where(parts.year_first, first if is_day_first else second)
    full = pd.DataFrame({"year": year.where(year >= 100, year + 2000), "month": month, "day": day})
    days = pd.to_datetime(full, errors="coerce")
    if days.isna().any():
        order = "" if parts.year_first[days.isna()].iloc[0] else f" as {SLASHES[is_day_first]}"
        raise InputError(f"{cell(texts, days.index[days.isna()][0])} is no day of the calendar{order}; correct it")
    return days.reindex(texts.index)


def decimal_comma(texts: pd.Series, wanted: str | None) -> bool:
    """Whether numbers have a decimal comma. Raises InputError where both kinds stand in one column, or nothing tells."""
    if wanted:
        return wanted == "comma"
    bare = bare_numbers(texts)
    commas, points = bare.index[bare.str.contains(COMMA)], bare.index[bare.str.contains(POINT)]
    if len(commas) and len(points):
        raise InputError(
            f"decimal commas and decimal points in one column: {cell(texts, commas[0])} and {cell(texts, points[0])}; write "
            "all in one way"
        )
    if len(commas) or len(points):
        return bool(len(commas))
    unclear = bare.index[bare.str.contains(EITHER)]
    if len(unclear):
        raise InputError(f"{cell(texts, unclear[0])} may be a thousand or a fraction; say `decimal: comma` or `decimal: point`")
    return False


def bare_numbers(texts: pd.Series) -> pd.Series:
    """Texts without currency signs, letters and blanks."""
    return texts.str.replace(r"[^\d.,\-]", "", regex=True)


def numbers(texts: pd.Series, has_comma: bool) -> pd.Series:
    """The numbers, NaN where the text is empty. Raises InputError for what is none."""
    bare = bare_numbers(texts)
    bare = bare.str.replace(".", "").str.replace(",", ".") if has_comma else bare.str.replace(",", "")
    values = pd.to_numeric(bare, errors="coerce")
    wrong = texts.index[values.isna() & (texts != "")]
    if len(wrong):
        raise InputError(f"{cell(texts, wrong[0])} is not a number; correct it, or empty the cell")
    return values


def currencies(texts: pd.Series) -> pd.Series:
    """The currency sign or letters beside each number; empty if there is none."""
    return texts.str.replace(r"[\d.,\-\s'%]", "", regex=True).str.upper()
