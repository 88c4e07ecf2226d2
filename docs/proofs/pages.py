"""Pages of proof: the command on top, what was done, the table it printed."""

from collections.abc import Sequence
from pathlib import Path

import salesim

HERE = Path(__file__).parent


def page(name: str, title: str, about: str, lines: Sequence[str]) -> None:
    """Print a table, and write it to docs/proofs/<name>.md."""
    command = f"    .venv/bin/python docs/proofs/{name}.py"
    text = "\n".join([f"# {title}", "", command, "", f"salesim {salesim.__version__}. {about}", "", *lines, ""])
    print(text)
    (HERE / f"{name}.md").write_text(text, encoding="utf-8")
