"""Study in, one HTML file out. It opens offline: Plotly is inside, and the page's own policy forbids to fetch."""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from plotly.offline import get_plotlyjs

from salesim.report.page.exhibits import exhibits
from salesim.report.page.html import named, run_again, verdict_section
from salesim.report.page.results_table import results
from salesim.report.page.sections import record_of_sections, sections
from salesim.report.page.style_sheet import STYLE
from salesim.report.study_files import StudyFiles, read_study
from salesim.report.text.amounts import percent, sentence_case, spaced
from salesim.report.text.glossary import GLOSSARY
from salesim.report.text.verdict import Findings, Verdict, verdict_of

# What a browser may use on this page: what the page itself carries, and nothing else.
POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"


def write_page(folder: Path) -> Path:
    """Write folder/report.html from the study's files; returns its path. Raises InputError where there is no study."""
    more = sections(Path(folder))
    page = Path(folder) / "report.html"
    if more and not (Path(folder) / "study.json").is_file():  # explored or explained before it was run
        record, body = record_of_sections(Path(folder)), ""
    else:
        files = read_study(Path(folder))
        record, body = files.record, ""
        if record.get("kind") == "sweep":
            from salesim.report.page.sweep_page import sweep_body  # with statistics that no other page needs

            body = sweep_body(Path(folder))
        else:
            more = "\n".join([_study(files), more, _again(record)])
    page.write_text(_framed(record, f"{body}\n{more}"), encoding="utf-8")
    return page


def _study(files: StudyFiles) -> str:
    """Verdict, certainty of a comparison, results and figures."""
    theme = files.theme
    statements = files.table("statements") if files.comparison else None
    table = results(files.table("differences"), theme, float(files.record["confidence"]), statements)
    if not files.comparison:
        return "\n".join([_verdict(files, verdict_of(files)), table, exhibits(files)])
    from salesim.report.page.compare_page import section  # with the titles of all measures, which no other page needs
    from salesim.report.text.compare import verdict_of_comparison

    return "\n".join([_verdict(files, verdict_of_comparison(files)), section(files, theme), table, exhibits(files)])


def _verdict(files: StudyFiles, verdict: Verdict) -> str:
    if not verdict.contests and not verdict.certainty:
        return '<section class="verdict"><h2>Verdict</h2><p>This study has no verdict.</p></section>'

    def with_names(lines: Sequence[str]) -> list[str]:
        return [named(line, files.theme) for line in lines]

    groups = [Findings(each.title, with_names(each.first), with_names(each.rest)) for each in verdict.contests]
    return verdict_section("Verdict", groups, with_names(verdict.certainty))


def _framed(record: dict[str, Any], body: str) -> str:
    """The whole page around its sections."""
    title = escape(sentence_case(spaced(str(record["name"]))))
    words = "".join(f"<dt>{escape(word)}</dt><dd>{escape(meaning)}</dd>" for word, meaning in GLOSSARY.items())
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{STYLE}</style>
<script>{get_plotlyjs()}</script>
</head>
<body>
<main>
<header>
<p class="kind">Simulation study</p>
<h1>{title}</h1>
<p class="question">{escape(str(record.get("question", "")))}</p>
</header>
{body}
<section><h2>Words</h2><dl>{words}</dl></section>
</main>
</body>
</html>
"""


def _again(record: dict[str, Any]) -> str:
    """How to run the study again: command, seeds, versions."""
    seeds = record["seeds"]
    facts = {
        "Seeds": f"{len(seeds)} ({seeds[0]} to {seeds[-1]})" if len(seeds) > 1 else str(seeds[0]),
        "Confidence": f"{percent(float(record['confidence']))}, of all differences of a contest together",
        "Baseline": spaced(str(record["baseline"])),
    }
    more = "All settings are in resolved.yaml beside this page; the numbers behind every figure are in the tables there."
    return run_again(record, facts, more)
