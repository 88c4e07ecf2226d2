"""`salesim handout`: check, count, run what is missing, and write the page."""

from collections.abc import Sequence
from functools import partial
from itertools import product
from pathlib import Path

from salesim.classroom.handout.measured import PARTS, Measured, blank, measured
from salesim.classroom.handout.notes import notes_of, text_of
from salesim.classroom.handout.page import MOST_BYTES, page_of
from salesim.classroom.handout.printed import pdf_of
from salesim.classroom.handout.spec import KINDS, Handout, handout_of
from salesim.config.errors import InputError
from salesim.config.overrides.composer import Composer
from salesim.config.request import Request
from salesim.report.console.progress import Stages, print_cost
from salesim.report.console.tables import screen
from salesim.runs.cost import Cost, cost_of
from salesim.runs.files import write_whole
from salesim.runs.folder import open_folder
from salesim.runs.runner import Progress, Runner
from salesim.runs.store import RunIndex
from salesim.runs.summary import summary_text

STAGES = {"loops": "sets of cut feedbacks", "levers": "combinations of settings and cards", "paths": "paths"}
MEANINGS = {".html": "the hand-out; open it in a browser", ".md": "notes for the instructor", ".pdf": "the same, to print"}
LONGER_NUMBERS = 1000  # bytes; by which ends and steps of real numbers are longer than those of a blank page


def write_handout(request: Request) -> int:
    """Carry out the command; returns the exit code."""
    console = screen(lasting=True)
    spec = handout_of(request.words, Composer(request.folders, request.command), request.line)
    check_size(spec)
    text = checked_notes(spec, request.folders) if spec.settings.notes else ""
    counts = ", ".join(f"{len(spec.scenarios[kind]):,} {STAGES[kind]}" for kind in KINDS)
    console.print(f"{spec.study.question}: {counts}; {spec.study.seeds} seeds of each")
    print_cost(len(spec.wanted), cost(spec), spec.study.own_folder, console)
    if request.dry_run:
        console.print("All of it is checked. No run was started, as --dry-run asks.")
        return 0
    with Stages(console) as progress:
        results = run(spec, progress)
    for file in written(spec, results, text):
        console.print(f"{file}  {MEANINGS[file.suffix]} ({file.stat().st_size / 1000:,.0f} kB)", soft_wrap=True)
    return 0


def runs_folder(spec: Handout) -> Path:
    """Where the finished runs are."""
    return spec.study.runs_folder("-".join(PARTS))


def cost(spec: Handout) -> Cost:
    """What the runs that are not finished will take."""
    finished = RunIndex(runs_folder(spec))
    timed = [spec.scenarios["loops"][0], spec.scenarios["paths"][-1]]
    n_finished = sum(run in finished for run in spec.wanted)
    summarize = partial(summary_text, parts=PARTS)
    return cost_of(len(spec.wanted), n_finished, timed, spec.study.first_seed, summarize, spec.study.worker_spec)


def run(spec: Handout, progress: Progress) -> Measured:
    """Run what is not finished; an interrupted hand-out is resumed."""
    with open_folder(spec.study.own_folder, runs=runs_folder(spec)) as opened:
        runner = Runner(opened.store, PARTS, spec.study.worker_spec, progress)
        for kind in KINDS:
            pairs = product(zip(spec.keys[kind], spec.scenarios[kind], strict=True), spec.study.all_seeds)
            runner.run(STAGES[kind], ((key, scenario, seed) for (key, scenario), seed in pairs))
        return measured(spec, runner)


def check_size(spec: Handout) -> None:
    """Refuse a page that would be too large to hand out, before any run: with other numbers it has the same size."""
    size = len(page_of(spec, blank(spec)).encode()) + LONGER_NUMBERS
    if size > MOST_BYTES:
        raise InputError(
            f"the page would have {size / 1000:.0f} kB, and may have {MOST_BYTES / 1000:.0f}; ask for fewer seeds, as "
            f"seeds={max(2, spec.study.seeds // 2)}, or for fewer cards"
        )


def checked_notes(spec: Handout, folders: Sequence[Path]) -> str:
    """The text of the notes. Raises InputError where it names no number, or without the packages that print it."""
    text = text_of(spec, folders)
    pdf_of(notes_of(spec, blank(spec), text), "")
    return text


def written(spec: Handout, results: Measured, text: str) -> list[Path]:
    """Write the page and, if there is a text for them, the notes; returns the files."""
    contents = {spec.file: page_of(spec, results).encode()}
    if text:
        notes = notes_of(spec, results, text)
        start = spec.file.with_name(f"{spec.settings.lesson}_notes")
        contents |= {start.with_suffix(".md"): notes.encode(), start.with_suffix(".pdf"): pdf_of(notes, spec.study.question)}
    with open_folder(spec.study.own_folder):
        for file, content in contents.items():
            write_whole(file, content)
    return list(contents)
