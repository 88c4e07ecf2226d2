"""Renew the tables of docs/evidence.md from configs/evidence/*.yaml. Run by `make docs`."""

from pathlib import Path
from typing import Any

import yaml

PAGE = Path(__file__).with_name("evidence.md")
DATA = PAGE.parents[1] / "configs" / "evidence"
ROLES = {
    "fitted": "Fitted: the reference market is fitted to these",
    "predicted": "Predicted: never used in a fit",
    "examined": "Examined: looked at before a rule or a measure was settled, so that they do not predict; never used in a fit",
    "built in": "Checked, but built in: the direction is written into a rule",
}
MARK = "<!-- From here on made by `make docs` from configs/evidence/; change those files, not this part. -->"


def band(bounds: list[float | None] | None) -> str:
    """A band in words: "-4 to -1", "0 or more", "not above 0"."""
    match bounds:
        case None:
            return ""
        case [None, high]:
            return f"not above {high:g}"
        case [low, None]:
            return f"{low:g} or more"
        case [low, high]:
            return f"{low:g} to {high:g}"
        case _:
            raise ValueError(f"a band is two numbers or null, not {bounds!r}")


def rows(head: str, lines: list[tuple[str, ...]]) -> str:
    """A Markdown table."""
    columns = head.split(" | ")
    return "\n".join([f"| {head} |", "|" + "---|" * len(columns), *(f"| {' | '.join(line)} |" for line in lines)])


def measured(entry: dict[str, Any]) -> str:
    """How it is measured, or what is missing for it."""
    return entry.get("measured") or f"cannot be asked yet: {entry['asks']}"


def facts(role: str, entries: dict[str, Any]) -> str:
    """The table of the facts of one role."""
    lines = []
    for name, fact in entries.items():
        if fact["role"] == role:
            era = f" *[{fact['period']}]*" if "period" in fact else ""
            letter = fact["checked"] + (", **unverified**" if fact["checked"] == "D" else "")
            lines.append((name, fact["what"] + era, band(fact.get("band")), measured(fact), fact["source"], letter))
    return f"### {ROLES[role]} ({len(lines)})\n\n" + rows("id | fact | band | measured as | source | letter", lines)


def claims(entries: dict[str, Any]) -> str:
    """The table of the article's claims."""
    lines = []
    for name, claim in entries.items():
        if "rule" in claim:
            limit = f"as written: {claim['rule']}"
        elif "aimed" in claim:
            limit = f"aimed at: {claim['aimed']}"
        else:
            limit = f"cannot be asked yet: {claim['asks']}" if "asks" in claim else ""
        lines.append((name, claim["claim"], claim["observable"], claim["confirmed"], claim["refuted"], limit))
    return rows("id | claim | observable | confirmed if | refuted if | cannot be claimed, for", lines)


def tables() -> str:
    """Everything below the mark."""
    read = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(DATA.glob("*.yaml"))}
    aims = [(name, aim["what"], band(aim["band"])) for name, aim in read["aims"].items()]
    limits = [(k, v["what"], v["source"], v.get("test") or f"not asked yet: {v['asks']}") for k, v in read["limits"].items()]
    parts = (
        MARK,
        "## Facts",
        *(facts(role, read["facts"]) for role in ROLES),
        "## Aimed at\n\nThe second edition's market is built to have these. Reaching one is no finding.",
        rows("name | what | band", aims),
        "## Theory: limits that the rules must reach",
        rows("id | limit | source | test", limits),
        "## Claims of the article",
        claims(read["claims"]),
    )
    return "\n\n".join(parts) + "\n"


def page() -> str:
    """The whole page: what is written by hand, then the tables."""
    return PAGE.read_text(encoding="utf-8").split(MARK)[0] + tables()


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE)
