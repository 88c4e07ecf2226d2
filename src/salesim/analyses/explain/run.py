"""Runs an explanation: both arms, groups of levers, deals side by side, what carries the fall of margins, and loop gains."""

from salesim.analyses.explain.bridge import bridge_of
from salesim.analyses.explain.cost import PARTS, cost
from salesim.analyses.explain.deals import side_by_side, won_by_one
from salesim.analyses.explain.levers import lever_settings, levers_of
from salesim.analyses.explain.loop_gains import links_table, loops_table, measured_loops
from salesim.analyses.explain.spec import Explanation, explanation_of
from salesim.analyses.explain.spiral import spiral_of
from salesim.analyses.protocol import Analysis
from salesim.analyses.records import Result, open_runner, result_of, save_analysis
from salesim.report.console.sections import print_explained, print_explanation
from salesim.report.text.explain import plan
from salesim.runs.runner import Progress

LARGEST = 8  # deals that one arm alone won, which the report shows


def run(spec: Explanation, progress: Progress) -> Result:
    """Run what is asked for. Raises InputError if a difference or the fall cannot be measured."""
    with open_runner(spec.study, spec.file.parent, PARTS, progress) as runner:
        bridge, levers, deals = bridge_of(spec, runner), levers_of(spec, runner), side_by_side(spec, runner)
        loops, spiral = measured_loops(spec, runner), spiral_of(spec, runner)
        tables = {
            "bridge": bridge,
            "levers": levers,
            "lever_settings": lever_settings(spec),
            "classes": deals.classes,
            "causes": deals.causes,
            "deals": deals.deals,
            "won_by_one": won_by_one(deals.deals).head(LARGEST),
            "spiral": spiral.parts,
            "links": links_table(loops),
            "loops": loops_table(loops),
        }
        return result_of(runner, tables, fall=spiral.fall, gap_k=deals.gap_k)


ANALYSIS = Analysis(
    parse=explanation_of,
    cost=cost,
    run=run,
    save=save_analysis,
    record=Explanation.record,
    print_question=print_explained,
    plan=plan,
    print_answer=print_explanation,
)
