"""Pages of proof: the command on top, what was done, the table it printed."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import salesim

HERE = Path(__file__).parent


def page(name: str, title: str, about: str, lines: Sequence[str]) -> None:
    """Print a table, and write it to docs/proofs/<name>.md."""
    command = f"    .venv/bin/python docs/proofs/{name}.py"
    text = "\n".join([f"# {title}", "", command, "", f"salesim {salesim.__version__}. {about}", "", *lines, ""])
    print(text)
    (HERE / f"{name}.md").write_text(text, encoding="utf-8")


def page_of_claims(name: str, title: str, about: str, parts: Mapping[str, tuple[Sequence[str], bool]]) -> int:
    """A page with a table under each claim, and whether it holds; returns the exit code, 1 if one does not."""
    lines = [
        line
        for number, (claim, (table, holds)) in enumerate(parts.items(), 1)
        for line in (f"## {number}. {claim}: {'yes' if holds else 'NO'}", "", *table, "")
    ]
    page(name, title, about, lines[:-1])
    return 0 if all(holds for _, holds in parts.values()) else 1
