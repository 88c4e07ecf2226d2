"""The scripts for SLURM in docs/large_sweeps.md do what the page says, here without SLURM."""

import os
import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "large_sweeps.md"
SMALL = "market.customers.count=40 market.selling.salespeople=2 weeks=26"


def test_the_tasks_of_a_job_array_leave_nothing_to_run_for_the_last_job(tmp_path):
    program = tmp_path / "bin" / "salesim"
    program.parent.mkdir()
    program.write_text(f'#!/bin/bash\nexec "{sys.executable}" -m salesim "$@" {SMALL}\n')
    program.chmod(0o755)
    part, whole = re.findall(r"^```bash\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    path = f"{program.parent}:{os.environ['PATH']}"
    printed = []
    for number, script in ((0, part), (1, part), (2, whole.replace("seeds=100", "seeds=20"))):
        task = {"HOME": str(tmp_path), "SLURM_ARRAY_TASK_ID": str(number), "SLURM_CPUS_PER_TASK": "1", "PATH": path}
        here = dict(os.environ) | {"XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache"))} | task
        ended = subprocess.run(["bash", "-c", script], env=here, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stderr
        printed.append(ended.stdout)
    assert "60 runs, 60 of them finished earlier" not in printed[1]
    assert "120 runs, 120 of them finished earlier" in printed[2]
    assert sorted(folder.name for folder in (tmp_path / "salesim").iterdir()) == ["parts", "results", "store"]
