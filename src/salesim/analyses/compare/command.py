"""`salesim compare` in the steps of every command that makes runs."""

from salesim.analyses.compare.cost import estimate
from salesim.analyses.compare.run import run
from salesim.analyses.compare.save import save
from salesim.analyses.compare.spec import parse
from salesim.analyses.protocol import Analysis
from salesim.report.console.compare import Progress, print_comparison, print_plan, print_question

ANALYSIS = Analysis(
    parse=parse,
    cost=estimate,
    run=run,
    save=save,
    print_question=lambda comparison, console: print_question(comparison.record(), console),
    print_plan=lambda comparison, needed, console: print_plan(comparison.record() | dict(needed.counts), console),
    print_answer=print_comparison,
    progress=Progress,
)
