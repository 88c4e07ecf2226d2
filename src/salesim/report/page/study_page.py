"""Study in, one HTML file out. It opens offline: Plotly is inside, and the page's own policy forbids to fetch."""

from dataclasses import replace
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from salesim.config.config_files import read_yaml
from salesim.report.page.exhibits import exhibits
from salesim.report.page.html import first_words, listing, missing, named, note, run_again, section, table, verdict_section
from salesim.report.page.results_table import results
from salesim.report.page.sections import blown, designed, exhibit, explained, fitted, measured, tipped
from salesim.report.page.sheet import sheet
from salesim.report.study_files import StudyFiles, read_study, read_table
from salesim.report.text.amounts import percent, sentence_case, spaced
from salesim.report.text.answer import Answer, answer_first, answer_of
from salesim.report.text.answer_lines import grid_of
from salesim.report.text.levers import next_command
from salesim.report.text.verdict import verdict_of
from salesim.runs import digests
from salesim.runs.files import DamagedError, read_json

# What a browser may use on this page: what the page itself carries, and nothing else.
POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"

CARRIED = ("style.css", "plotly-basic.min.js", "figures.js")  # with system fonts only

# The record of each section, what draws it, and a column that each of its tables has to have.
SECTIONS = {
    "explore/explore.json": (
        designed,
        {"axes": "beta_b", "points": "sign", "rules": "names", "indices": "chance_share", "regret": "worst_point",
         "emulators": "held_out_r2"},
    ),
    "explore/tipping.json": (tipped, {"tipping": "open_high", "tipping_curve": "mean"}),
    "explore/tornado.json": (blown, {"tornado_axes": "beta_b", "tornado": "turns", "tornado_tipping": "open_high"}),
    "explain/explain.json": (
        explained,
        {"bridge": "difference_k", "levers": "way", "lever_settings": "setting", "classes": "kind", "causes": "cause",
         "won_by_one": "kind", "spiral": "part", "links": "moved", "loops": "off"},
    ),
    "evidence/evidence.json": (
        measured, {"facts": "clear", "claims": "tests_for", "tests": "result", "turns": "level", "limits": "test"},
    ),
    "fit/fit.json": (fitted, {"targets": "missed", "settings": "unknown", "members": "weight", "conflicts": "what"}),
}  # fmt: skip

MEASURES = "Measure by measure"
RECORDED = ("keys", "model")  # what the remark on the origin needs of a record


def write_page(folder: Path) -> Path:
    """Write folder/report.html from the study's files; returns its path. Raises InputError where there is no study."""
    folder = Path(folder)
    more = _sections(folder)
    if more and not (folder / "study.json").is_file():  # explored or explained before it was run
        record, body = read_json(next(folder / name for name in SECTIONS if (folder / name).is_file())), ""
    elif (files := read_study(folder)).record.get("kind") == "sweep":
        from salesim.report.page.sweep_page import sweep_body  # with statistics that no other page needs

        record, body = files.record, sweep_body(folder)
    else:
        record, body = files.record, _study(files)
        more += f"\n{_again(record, folder)}"
    return digests.write_page(folder, _framed(record, f"{body}\n{more}"))


def _study(files: StudyFiles) -> str:
    """Answer, verdict, what to ask next or the certainty of a comparison, results and figures."""
    if files.comparison:
        from salesim.report.page.compare_page import section  # with the titles of all measures, which no other page needs
        from salesim.report.text.compare import verdict_of_comparison
        from salesim.report.text.compare_answer import answer_of_comparison

        verdict, certainty, statements = verdict_of_comparison(files), section(files, files.theme), files.table("statements")
        title, first, table = "Verdict", answer_of_comparison(files), files.table("differences")
    else:
        verdict, certainty, statements = verdict_of(files), note(next_command(files)), None
        title, first, table = MEASURES, answer_of(files), answer_first(files)
    judged = missing("Verdict", "This study has no verdict.")
    if any(verdict):
        judged = verdict_section(title, verdict, files.theme)
    if "world_shares" in files.tables:
        from salesim.report.text import worlds  # with the titles of all measures, which no other page needs

        over_worlds = worlds.section(files)
        certainty += exhibit(over_worlds, files.theme) if over_worlds else ""
    results_table = results(files, table, statements)
    return "\n".join([sheet(files, answered(files, first)), judged, certainty, results_table, exhibits(files)])


def answered(files: StudyFiles, answer: Answer | None) -> str:
    """The answer: its sentence and lines, on what it hangs, and the reasons for doubt; nothing where nothing was compared."""
    theme = files.theme
    if answer is None:
        return ""
    parts = [first_words(answer.sentence, theme, answer.why), listing(answer.more, theme, "answers")]
    lines = tuple(line._replace(label=named(line.label, theme)) for line in answer.lines)
    parts.append(table(grid_of(replace(answer, lines=lines)), theme, "words"))
    for title, sentences in (("It hangs on", answer.hangs_on), ("Reasons for doubt", answer.doubts)):
        parts.append(by_title(title, listing(sentences, theme, "answers")))
    return section("Answer", *parts, kind="verdict")


def by_title(title: str, inner: str) -> str:
    """HTML under a small title; nothing where there is nothing."""
    return f"<h3>{title}</h3>{inner}" if inner else ""


def _sections(folder: Path) -> str:
    """What other commands than `run` add to a study's page, as HTML; nothing where there are none."""
    drawn = []
    for name, (draw, columns) in SECTIONS.items():
        if (folder / name).is_file():
            own = (folder / name).parent
            try:
                lacking = [part for part in RECORDED if part not in read_json(folder / name)]
                lacking += [table for table, column in columns.items() if column not in read_table(own, table)]
            except DamagedError:
                lacking = ["a damaged file"]
            drawn.append(_incomplete(name, lacking) if lacking else draw(own))
    return "".join(drawn)


def _incomplete(name: str, lacking: list[str]) -> str:
    """A section whose tables are not there, or were left by another version."""
    command, tables = name.partition("/")[0], " and ".join(lacking)
    words = f"What <code>salesim {command}</code> left is incomplete ({tables}), or of another version: give the command again."
    return missing(command.capitalize(), words)


def _framed(record: dict[str, Any], body: str) -> str:
    """The whole page around its sections."""
    title = escape(sentence_case(spaced(str(record["name"]))))
    beside = Path(__file__).parent
    style, *scripts = (beside.joinpath(name).read_text(encoding="utf-8") for name in CARRIED)  # nothing is fetched
    question = escape(str(record.get("question", "")))
    frame = Template(beside.joinpath("frame.html").read_text(encoding="utf-8"))
    return frame.substitute(title=title, question=question, policy=POLICY, style=style, script="\n".join(scripts), body=body)


def _again(record: dict[str, Any], folder: Path) -> str:
    """How to run the study again: command, what its arms are set to, seeds, versions."""
    file = folder / "resolved.yaml"
    arms = read_yaml(file).get("experiment", {}).get("arms", {}) if file.is_file() else {}
    facts = {f"Arm {escape(spaced(name))}": ", ".join(words) for name, words in arms.items()}
    facts["Confidence"] = f"{percent(float(record['confidence']))}, of all differences of a contest together"
    more = "All settings are in resolved.yaml beside this page; the numbers behind every figure are in the tables there."
    return run_again(record, "", facts, more)
