"""What is set: the resolved scenario with units, meanings and sources out of the comments of the YAML files."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text

from salesim.config.config_files import APPROACH, choices, file_of, read_yaml, start_file
from salesim.config.dotted_keys import leaves
from salesim.config.experiment import Experiment
from salesim.config.notes import Note, Setting, notes_in, settings_of
from salesim.config.user_files import trouble_with
from salesim.config.worlds import Members
from salesim.metrics import METRICS, OF_SCENARIO, SHOWN
from salesim.report.text.amounts import counted, with_unit

RANGE = (0.05, 0.95)  # quantiles of 90 % ranges

LISTED = ("experiment", *APPROACH, "market", "study", "compare", "explore", "explain", "fit", "lesson", "handout")


def print_scenario(
    mapping: Mapping[str, Any],
    chosen: Mapping[str, str],
    experiment: Experiment,
    folders: Sequence[Path],
    keys: Sequence[str],
    only: bool,
    console: Console,
) -> None:
    """The whole resolved scenario, a section a group; what differs from its file is marked.

    `mapping` is composed, `chosen` names the file of each group. Groups that have one of `keys` come first; if `only`, nothing
    but these keys, and what is in them, is printed.
    """
    groups = [group for group in mapping if group in chosen and group != "experiment"]
    top = {key: value for key, value in mapping.items() if key not in (*groups, "experiment", "ensemble")}
    config = start_file(folders)
    filed, notes = dict(leaves(read_yaml(config))), notes_in(config)
    wanted = keys if only else ()
    rows = [Setting(key, value, filed.get(key), notes.get(key, Note())) for key, value in leaves(top) if is_part(key, wanted)]
    sections: dict[str, Callable[[], None]] = {"run": lambda: print_section("run", f"{config}", rows, console)}
    for group in groups:
        sections[group] = partial(print_group, group, chosen[group], mapping[group], folders, wanted, console)
    sections["experiment"] = lambda: print_experiment(experiment, console)
    roots = {key.split(".")[0] for key in keys}
    first = [name for name in sections if name in roots or (name == "run" and roots & top.keys())]
    for name in first if only else [*first, *(name for name in sections if name not in first)]:
        sections[name]()
    console.print("* differs from its file, whose value stands behind it.", style="dim")


def is_part(key: str, wanted: Sequence[str]) -> bool:
    """Whether a dotted key is one of those, or stands in one of those groups; without any, it is."""
    return not wanted or any(f"{key}.".startswith(f"{each}.") for each in wanted)


def print_group(
    group: str, name: str, mapping: Mapping[str, Any], folders: Sequence[Path], wanted: Sequence[str], console: Console
) -> None:
    """A table for each part of a group, or only for the wanted ones: `market.trust`, `market.people`, ….."""
    file = str(file_of(group, name, folders))
    settings = [each for each in settings_of(group, name, mapping, folders) if is_part(f"{group}.{each.key}", wanted)]
    ends = [setting._replace(key=setting.key.rpartition(".")[2]) for setting in settings]
    parts = [setting.key.rpartition(".")[0] for setting in settings]
    for place, part in enumerate(dict.fromkeys(parts)):
        rows = [setting for setting, mine in zip(ends, parts, strict=True) if mine == part]
        print_section(f"{group}.{part}".rstrip("."), "" if place else file, rows, console)


def print_section(title: str, file: str, rows: Sequence[Setting], console: Console) -> None:
    """One aligned table of settings."""
    heading = Text(title, style="bold")
    if file:
        heading.append(f"   {file}", style="not bold dim")
    console.print(heading, soft_wrap=True)
    table = Table(box=None, padding=(0, 1, 0, 0), show_header=False, pad_edge=False)
    table.add_column("", width=1)
    table.add_column("key", width=26, overflow="fold")
    table.add_column("value", min_width=8, max_width=24, overflow="fold")
    table.add_column("unit", width=14, style="cyan")
    table.add_column("meaning", ratio=1)
    table.add_column("source", width=13, style="dim")
    for row in rows:
        changed = row.value != row.filed
        value = written(row.value) + (f" (file: {written(row.filed)})" if changed else "")
        style = "bold yellow" if changed else ""
        note = (Text(part) for part in (row.note.unit, row.note.meaning, row.note.source))
        table.add_row(Text("*" if changed else "", style), Text(row.key), Text(value, style), *note)
    console.print(table)
    console.print()


def print_experiment(experiment: Experiment, console: Console) -> None:
    """The question and the overrides of each arm."""
    console.print(Text.assemble((f"experiment {experiment.name}", "bold"), f"   {experiment.question}"))
    console.print(f"  contests: {', '.join(experiment.contests)}; compared with: {experiment.baseline}")
    width = max(map(len, experiment.arms))
    for arm, overrides in experiment.arms.items():
        console.print(Text(f"  {arm:<{width}}  {'  '.join(overrides) or '(as above)'}"), soft_wrap=True)
    console.print()


def written(value: Any) -> str:
    """A value as it is typed on the command line."""
    if value is None:
        return "null"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(written, value))}]"
    return str(value)


def print_library(folders: Sequence[Path], console: Console) -> None:
    """All choices of each group, then all measures."""
    for group in LISTED:
        print_choices(group, folders, console)
    print_measures(console)


def print_choices(group: str, folders: Sequence[Path], console: Console) -> None:
    """A group's choices with their first comment or question; a person's own are marked, broken ones with the reason."""
    console.print(Text(f"{group}=", style="bold"))
    table, broken = listing(None, None), []
    for name, path in choices(group, folders).items():
        own = not path.is_relative_to(folders[-1])
        if own and (trouble := trouble_with(group, name, folders)):
            broken.append(Text(f"  {name}  broken: {trouble}", style="red"))
        else:
            table.add_row(Text(name), Text(about(path)).append("  (yours)" if own else "", "dim"))
    console.print(table)
    for line in broken:
        console.print(line, soft_wrap=True)


def print_measures(console: Console) -> None:
    """Every measure with its unit, the better direction, and what it is."""
    console.print(Text("measures, of our vendor", style="bold"))
    for head, names in (("in all tables", SHOWN), ("in runs.csv besides", [name for name in METRICS if name not in SHOWN])):
        console.print(Text(f"  {head}", style="dim"))
        table = listing(23, 13, 12, None)
        for name in names:
            metric = METRICS[name]
            meaning = (metric.function.__doc__ or metric.title).splitlines()[0]
            table.add_row(name, Text(metric.unit, "cyan"), f"{metric.better} is good", meaning)
        console.print(table)
    console.print(Text(f"  and some that need a number of the scenario: {', '.join(OF_SCENARIO)}", style="dim"))


def listing(*widths: int | None) -> Table:
    """Columns of these widths without headings; names in the first are not broken."""
    table = Table(box=None, padding=(0, 2, 0, 2), show_header=False)
    for place, width in enumerate(widths):
        table.add_column(width=width, no_wrap=not place)
    return table


def about(path: Path) -> str:
    """What a file is, in a line: an experiment's question, else the first comment, else what it inherits from."""
    content = read_yaml(path)
    if isinstance(content.get("experiment"), Mapping):
        return str(content["experiment"].get("question", ""))
    first = path.read_text(encoding="utf-8").splitlines()[0]
    parents = [str(parent) for parent in content.get("defaults", []) if parent != "_self_"]
    return first.lstrip("# ") if first.startswith("#") else f"as {' and '.join(parents)}, with changes" if parents else ""


def print_ensemble(reference: Mapping[str, Any], members: Members, notes: Mapping[str, Note], console: Console) -> None:
    """The worlds that a market's file names (`reference`), by number; `notes` has the settings of a market."""
    market, file, data = (str(reference.get(name, "")) for name in ("market", "file", "data"))
    console.print(Text(f"market={market} is an ensemble", style="bold"))
    numbers = f", which have the numbers with sha256 {data[:12]}…" if data else ""
    console.print(
        f"{counted(len(members), 'world')} in {file}{numbers}. Commands take all of them, or worlds=50 the first fifty; above "
        "are the settings of the central market, which worlds=central takes alone. What differs between the worlds:",
    )
    grid = Table.grid(padding=(0, 2))
    for column in ({"no_wrap": True}, {"no_wrap": True}, {"style": "dim"}):
        grid.add_column(**column)
    values = np.array([list(settings.values()) for settings in members.values()])
    for key, low, high in zip(next(iter(members.values())), *np.quantile(values, RANGE, axis=0).tolist(), strict=True):
        note = notes.get(key.removeprefix("market."), Note())
        grid.add_row(f"  {key}", f"{low:.3g} to {high:.3g}", with_unit(note.meaning, note.unit))
    console.print(grid)
    console.print("Settings with their 90 % range over the worlds.", style="dim")
    console.print()
