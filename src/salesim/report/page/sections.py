"""Sections that other commands than `run` add to a study's page."""

from pathlib import Path
from typing import Any

from salesim.report.page.explain_page import explain_sections
from salesim.report.page.explore_page import design_section, tipping_section
from salesim.report.page.html import missing
from salesim.report.study_files import read_json, read_table

# The record of each section, what draws it, and a column that each of its tables has to have.
SECTIONS = {
    "explore/explore.json": (
        design_section,
        {"axes": "beta_b", "points": "sign", "rules": "names", "indices": "chance_share", "regret": "worst_point"},
    ),
    "explore/tipping.json": (tipping_section, {"tipping": "open_high", "tipping_curve": "mean"}),
    "explain/explain.json": (
        explain_sections,
        {"bridge": "difference_k", "classes": "kind", "causes": "cause", "won_by_one": "kind", "spiral": "error",
         "links": "moved", "loops": "off"},
    ),
}  # fmt: skip

RECORDED = ("keys", "model", "resolved", "varied")  # what the remark on the origin needs of a record


def sections(folder: Path) -> str:
    """All sections of a study's folder as HTML; nothing where there are none."""
    drawn = []
    for name, (draw, columns) in SECTIONS.items():
        if (folder / name).is_file():
            own = (folder / name).parent
            lacking = [part for part in RECORDED if part not in read_json(folder / name)]
            lacking += [table for table, column in columns.items() if column not in read_table(own, table)]
            drawn.append(_incomplete(name, lacking) if lacking else draw(own))
    return "".join(drawn)


def _incomplete(name: str, lacking: list[str]) -> str:
    """A section whose tables are not there, or were left by another version."""
    command, tables = name.partition("/")[0], " and ".join(lacking)
    words = f"What <code>salesim {command}</code> left is incomplete ({tables}), or of another version: give the command again."
    return missing(command.capitalize(), words)


def record_of_sections(folder: Path) -> dict[str, Any]:
    """The record of the first section there is: it names the study and its question."""
    return read_json(next(folder / name for name in SECTIONS if (folder / name).is_file()))
