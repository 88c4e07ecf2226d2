"""Puts the compiled rules of the market into the wheel, where whoever builds it has numba; without them, a first run compiles.

They are for the system, Python and numba of the build, and for every x86-64 processor with the features below. Elsewhere they
are passed over: `salesim.model.compile_cache` looks for files whose names fit.
"""

import os
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PROCESSOR = {"NUMBA_CPU_NAME": "x86-64-v3", "NUMBA_CPU_FEATURES": "+avx2,+bmi2,+f16c,+fma,+lzcnt,+movbe"}


class CompiledRules(BuildHookInterface):
    """Compiles the rules into a temporary folder and adds it to the wheel; an editable install has none."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, or say that this wheel goes without."""
        if version == "editable" or find_spec("numba") is None:
            return
        source = Path(self.root) / "src"
        self.folder = tempfile.TemporaryDirectory()
        variables = {**os.environ, **PROCESSOR, "NUMBA_CACHE_DIR": self.folder.name, "PYTHONPATH": str(source)}
        done = subprocess.run([sys.executable, "-m", "salesim.runs.warm_up"], env=variables, check=False)
        rules = list(Path(self.folder.name).rglob("*.rule"))
        if done.returncode or not rules:
            self.app.display_warning("This wheel has no compiled rules: compiling them failed; a first run compiles.")
            return
        build_data["force_include"].update(
            {str(rule): f"salesim/compiled_rules/{rule.parent.name}/{rule.name}" for rule in rules}
        )
