"""The mapping of an export of opportunities: which column is what, and which stages are won, lost, no decision or open."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

from salesim.config.config_files import at_line, line_of, place_of, read_yaml
from salesim.config.errors import InputError, meant
from salesim.config.options import STRICT
from salesim.config.validation import checked

NEEDED = ("opened", "closed", "stage")
COLUMNS = ("id", *NEEDED, "owner", "partner", "account", "product", "amount", "list_price", "discount", "currency")
STAGES = ("won", "lost", "no_decision", "open", "ignore")
LAYOUTS: dict[str, dict[str, Sequence[str]]] = {  # a column has one of several names; stages are those of a new account
    "salesforce": {
        "id": ("Id", "Opportunity ID"), "opened": ("CreatedDate", "Created Date"), "closed": ("CloseDate", "Close Date"),
        "stage": ("StageName", "Stage"), "owner": ("OwnerId", "Opportunity Owner", "Owner"), "amount": ("Amount",),
        "account": ("AccountId", "Account Name"), "partner": ("Partner__c", "PartnerAccountId", "Partner Account"),
        "list_price": ("List_Price__c",), "discount": ("Discount__c", "Discount"),
        "currency": ("CurrencyIsoCode", "Opportunity Currency"),
        "won": ("Closed Won",), "lost": ("Closed Lost",), "no_decision": ("Closed No Decision", "No Decision"),
        "open": (
            "Prospecting", "Qualification", "Needs Analysis", "Value Proposition", "Id. Decision Makers",
            "Perception Analysis", "Proposal/Price Quote", "Negotiation/Review",
        ),
    },
    "hubspot": {
        "id": ("Record ID", "Deal ID"), "opened": ("Create Date",), "closed": ("Close Date",), "stage": ("Deal Stage",),
        "owner": ("Deal owner", "HubSpot Owner"), "amount": ("Amount",), "account": ("Associated Company",),
        "currency": ("Currency",),
        "won": ("Closed Won",), "lost": ("Closed Lost",), "no_decision": ("Closed No Decision", "No Decision"),
        "open": (
            "Appointment Scheduled", "Qualified To Buy", "Presentation Scheduled", "Decision Maker Bought-In",
            "Contract Sent",
        ),
    },
}  # fmt: skip
TITLES = {"salesforce": "Salesforce", "hubspot": "HubSpot"}
HOW = "lines such as `opened: Created Date`, `closed: Close Date`, `stage: Stage`, `won: Closed Won` (docs/from_your_crm.md)"


@dataclass(frozen=True)
class CrmMapping:
    """What the columns and stages of an export mean. Columns that are not named are not read."""

    __pydantic_config__ = STRICT
    opened: str
    closed: str
    stage: str
    won: str | list[str]
    lost: str | list[str]
    no_decision: str | list[str] = field(default_factory=list)
    open: str | list[str] = field(default_factory=list)
    ignore: str | list[str] = field(default_factory=list)  # stages of rows that are no opportunities
    id: str | None = None
    owner: str | None = None
    partner: str | None = None  # empty for a deal without one
    account: str | None = None
    product: str | None = None  # with `list_prices`
    amount: str | None = None
    list_price: str | None = None
    discount: str | None = None  # share, or per cent of list
    currency: str | None = None
    list_prices: dict[str, float] = field(default_factory=dict)  # by product
    keep_currency: str | None = None
    dates: Literal["day/month/year", "month/day/year"] | None = None  # of dates that do not begin with the year
    decimal: Literal["comma", "point"] | None = None
    duplicates: Literal["last", "first"] = "last"  # row of several with the same id
    zombies: Literal["undecided", "drop"] = "undecided"
    leave_out: list[str] = field(default_factory=list)  # numbers that are no targets
    last_day: str | None = None  # of the export, as 2017-12-31

    def columns(self) -> dict[str, str]:
        """The names of the columns that are read."""
        return {key: name for key in COLUMNS if (name := getattr(self, key)) is not None}

    def stages(self) -> dict[str, str]:
        """What each stage means, by its plain name."""
        return {plain(name): kind for kind in STAGES for name in as_list(getattr(self, kind))}


def plain(name: str) -> str:
    """A name without what spelling changes: case, blanks, punctuation."""
    return re.sub(r"[\W_]+", "", name.lower())


def as_list(names: str | Sequence[str]) -> list[str]:
    """One name, or several."""
    return [names] if isinstance(names, str) else list(names)


def layout_of(columns: Sequence[str]) -> str:
    """The known layout that has all needed columns; empty if there is none."""
    known = {plain(name) for name in columns}
    for name, layout in LAYOUTS.items():
        if all(known & {plain(each) for each in layout[key]} for key in NEEDED):
            return name
    return ""


def in_layout(name: str, columns: Sequence[str]) -> dict[str, Any]:
    """A known layout as a mapping of these columns; those that are not there are left out."""
    known = {plain(column): column for column in columns}
    columns_by_key: dict[str, Any] = {}
    for key, names in LAYOUTS[name].items():
        if key in STAGES:
            columns_by_key[key] = list(names)
        elif there := [known[plain(each)] for each in names if plain(each) in known]:
            columns_by_key[key] = there[0]
    return columns_by_key


def mapping_of(text: str | None, columns: Sequence[str], export: Path) -> tuple[CrmMapping, str]:
    """The mapping in a file, or that of a layout that is recognized, and its origin. Raises InputError."""
    path = place_of(text) if text else None
    given = read_yaml(path) if path else {}
    name = given.pop("layout", "") if path else layout_of(columns)
    if name and name not in LAYOUTS:
        raise InputError(f"{path}: there is no layout {name!r}; {meant(str(name), LAYOUTS)}")
    if not path and not name:
        raise InputError(
            f"{export} has the columns {shortened(columns)}, which no known layout has; give mapping=FILE with {HOW}"
        )
    merged = (in_layout(name, columns) if name else {}) | given
    check_names(merged, path or export)
    try:
        mapping: CrmMapping = checked(CrmMapping, merged | stages_as_texts(merged))
    except InputError as error:
        raise InputError(f"{path}: {error.text}") from error
    check_columns(mapping, columns, export, path)
    origin = " and ".join(filter(None, [f"the layout of {TITLES[name]}" if name else "", str(path or "")]))
    return mapping, origin


def check_names(given: Mapping[str, Any], where: Path) -> None:
    """Refuse keys that mean nothing, and a mapping without those that are needed. Raises InputError."""
    known = [each.name for each in fields(CrmMapping)]
    for key in given:
        if key not in known:
            place = at_line(where, line_of(where, key))
            raise InputError(f"{place}: {key} is nothing that a mapping has; {meant(key, [*known, 'layout'])}")
    for each in fields(CrmMapping):
        if each.default is MISSING and each.default_factory is MISSING and not given.get(each.name):
            raise InputError(f"{where} does not say {WHAT.get(each.name, each.name)}; add {HOW}")


def stages_as_texts(given: Mapping[str, Any]) -> dict[str, list[str]]:
    """The stages, of which YAML reads some as numbers."""
    lists = {key: given[key] if isinstance(given[key], list) else [given[key]] for key in STAGES if given.get(key) is not None}
    return {key: [str(name) if type(name) is int else name for name in names] for key, names in lists.items()}


WHAT = {
    "opened": "which column has the date on which a deal opened (opened)",
    "closed": "which column has the date on which a deal closed (closed)",
    "stage": "which column has the stage (stage)",
    "won": "which stages mean won (won)",
    "lost": "which stages mean lost (lost)",
}


def check_columns(mapping: CrmMapping, columns: Sequence[str], export: Path, path: Path | None) -> None:
    """Refuse a column that the export does not have. Raises InputError."""
    if mapping.opened == mapping.closed:
        raise InputError(f"{path}: opened and closed are the same column, {mapping.opened!r}; name one column for each")
    for key, name in mapping.columns().items():
        if name not in columns:
            where = f" ({key} in {at_line(path, line_of(path, key))})" if path else ""
            raise InputError(
                f"row 1 of {export} has no column {name!r}{where}; its columns are {shortened(columns)}: the first row has to "
                "name the columns, separated by commas, semicolons, tabs or bars"
            )


def shortened(names: Sequence[str]) -> str:
    """Names in a list, the first twelve of them."""
    return ", ".join(repr(name[:30]) for name in names[:12]) + (" …" if len(names) > 12 else "")
