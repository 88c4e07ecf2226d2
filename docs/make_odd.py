"""Write docs/odd.md: its first six sections from docs/odd_head.md, the seventh from the docstrings of all rules.

python docs/make_odd.py
"""

import ast
from pathlib import Path

DOCS = Path(__file__).parent
PACKAGE = DOCS.parent / "src" / "salesim"
ROOMS = (
    ("week.py", "The order of a week"),
    ("phases/programmes.py", "Programmes and people"),
    ("phases/needs.py", "Needs and invitations"),
    ("phases/selling.py", "Hours and work"),
    ("phases/choosing.py", "Deliberation and choice"),
    ("phases/contracts.py", "Contracts, delivery, renewal"),
    ("phases/bookkeeping.py", "Bookkeeping"),
    ("agents/customer.py", "Customers"),
    ("agents/deal.py", "Deals: worth and price"),
    ("agents/partner.py", "Channel partners"),
    ("agents/executive.py", "Executives"),
    ("agents/salesperson.py", "Salespeople"),
    ("agents/vendor.py", "Vendors"),
    ("draws.py", "Keyed draws"),
)


def rules_of(path: Path) -> list[tuple[str, str]]:
    """Names and docstrings of all rules in a file, in its order."""
    return [
        (node.name, ast.get_docstring(node) or "")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and any(getattr(d, "id", "") == "rule" for d in node.decorator_list)
    ]


def odd() -> str:
    """The whole text."""
    parts = [(DOCS / "odd_head.md").read_text(encoding="utf-8").rstrip(), ""]
    for place, title in ROOMS:
        parts += [f"### {title} (`{place}`)", ""]
        for name, text in rules_of(PACKAGE / place):
            parts += [f"**`{name}`** {text}", ""]
    return "\n".join(parts).rstrip() + "\n"


if __name__ == "__main__":
    (DOCS / "odd.md").write_text(odd(), encoding="utf-8")
