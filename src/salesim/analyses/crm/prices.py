"""The discount of each deal won, out of its own column or of amount and list price; currencies and spellings are counted."""

import numpy as np
import pandas as pd

from salesim.analyses.crm.cleaning import Cleaning
from salesim.analyses.crm.values import bare_numbers, currencies, decimal_comma, numbers
from salesim.config.crm_mapping import plain
from salesim.config.errors import InputError
from salesim.model.enums import Outcome

LEAST, MOST = 0.2, 2.0  # price over list price in the middle, beyond which an amount is not that of one list price


def discounts(deals: pd.DataFrame, work: Cleaning) -> pd.Series:
    """The discount to the customer of each deal that was won, share of list; NaN where nothing says it. Raises InputError."""
    mapping, nothing = work.mapping, pd.Series(np.nan, index=deals.index)
    won = work.table.loc[deals.index[deals.outcome == Outcome.WON]]
    if mapping.amount is not None:
        lost = bare_numbers(work.table.loc[deals.index[deals.outcome != Outcome.WON], mapping.amount])
        work.add("deals not won with an amount of 0", lost.str.fullmatch(r"0+(?:[.,]0*)?").sum(), "not read as prices")
    if mapping.discount is not None:
        return from_column(won[mapping.discount], work).reindex(deals.index)
    if mapping.amount is None or (mapping.list_price is None and not mapping.list_prices):
        work.note("no discount, and no amount with list prices", "the discount is no target", "`discount:` or `list_prices:`")
        return nothing
    paid, listed = amounts(won[mapping.amount], work), list_prices(won, work)
    work.add("deals won without an amount above 0", (~(paid > 0.0)).sum(), "no discount from them")
    realized = (paid / listed).where((paid > 0.0) & (listed > 0.0)).where(one_currency(won, work))
    if not LEAST <= realized.median() <= MOST:
        work.note("amounts far from list prices", "the discount is no target", "`list_price: COLUMN`")
        return nothing
    work.add("prices above list", (realized > 1.0).sum(), "kept, as a negative discount", "correct the list prices")
    return (1.0 - realized).reindex(deals.index)


def from_column(texts: pd.Series, work: Cleaning) -> pd.Series:
    """A column of discounts, shares or per cent."""
    values = amounts(texts, work)
    if texts.str.contains("%").any() or values.abs().max() > 1.0:
        work.add("discounts in per cent", int(values.notna().sum()), "divided by 100", "write shares, as 0.15")
        values = values / 100.0
    return values


def amounts(texts: pd.Series, work: Cleaning) -> pd.Series:
    """A column of numbers. Raises InputError with row and column."""
    try:
        has_comma = decimal_comma(texts, work.mapping.decimal)
        values = numbers(texts, has_comma)
    except InputError as error:
        raise InputError(f"{work.export} {error}") from error
    if has_comma:
        work.add(f"decimal commas, column {texts.name!r}", texts.str.contains(",").sum(), "read so", "`decimal: point`")
    elif thousands := texts.str.contains(",").sum():
        work.add(f"commas in thousands, column {texts.name!r}", thousands, "removed", "`decimal: comma`")
    return values


def list_prices(won: pd.DataFrame, work: Cleaning) -> pd.Series:
    """The list price of each deal, out of its column, or by product."""
    mapping = work.mapping
    if mapping.list_price is not None:
        return amounts(won[mapping.list_price], work)
    if mapping.product is None:
        raise InputError("the mapping has list_prices, and does not say which column has the product; add `product: COLUMN`")
    texts, by_name = won[mapping.product], {plain(name): price for name, price in mapping.list_prices.items()}
    values = texts.map(plain).map(by_name)
    respelt = ~texts.isin(mapping.list_prices) & values.notna()
    work.add("products spelt another way", respelt.sum(), f"read as one, first {texts[respelt].min()!r}")
    work.add("deals won of a product without a list price", values.isna().sum(), "no discount from them", "`list_prices:`")
    return values.astype(float)


def one_currency(won: pd.DataFrame, work: Cleaning) -> pd.Series:
    """Whether each deal is in the currency of most of them, or in the one that the mapping keeps."""
    mapping = work.mapping
    units = won[mapping.currency].str.upper() if mapping.currency else currencies(won[str(mapping.amount)])
    some = units[units != ""]
    if some.empty:
        return pd.Series(True, index=won.index)
    kept = mapping.keep_currency.upper() if mapping.keep_currency else str(some.mode().iloc[0])
    others = (units != kept) & (units != "")
    work.add(f"currency {kept}", (units == kept).sum(), "used", "`keep_currency: …`")
    work.add("amounts in another currency", others.sum(), "no discount from them", "`keep_currency: …`")
    return ~others
