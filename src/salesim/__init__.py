"""salesim: how should we sell as our product turns into a commodity?

`SalesMarket` is the market as a Mesa model, `play` one run of it, `open_study` the tables of a finished study. `run_study`,
`compare`, `sweep`, `explore` and `explain` are the commands of these names, and `measure` makes a measure of one's own. Each is
imported when it is asked for, so that `import salesim` costs next to nothing.
"""

from salesim.model import defaults
from salesim.version import __version__

TYPE_CHECKING = False  # of `typing`, whose import is long enough for Ctrl-C to meet it
if TYPE_CHECKING:
    from typing import Any

    from salesim.analyses.from_python import compare, explain, explore, run_study, sweep
    from salesim.metrics import measure
    from salesim.model.mesa_model import SalesMarket
    from salesim.model.parameters import Scenario
    from salesim.model.schedule import play
    from salesim.runs.study_tables import open_study

__all__ = [
    "SalesMarket", "__version__", "compare", "explain", "explore", "measure", "open_study", "play", "run_study", "sweep",
]  # fmt: skip
_COMMANDS = ("run_study", "compare", "sweep", "explore", "explain")
_HOMES = {
    "SalesMarket": "salesim.model.mesa_model",
    "open_study": "salesim.runs.study_tables",
    "play": "salesim.model.schedule",
    "measure": "salesim.metrics",
    **dict.fromkeys(_COMMANDS, "salesim.analyses.from_python"),
}


def __getattr__(name: str) -> "Any":
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"module 'salesim' has no attribute {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__


def _shipped_scenario(start: "Scenario | None", **changes: "Any") -> "Scenario":
    from salesim.config.scenario import default_scenario

    return default_scenario(start, **changes)


defaults.default_scenario = _shipped_scenario  # the model knows no files; it is handed what reads them
