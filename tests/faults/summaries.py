"""What workers of the tests do instead of a run; here, so that other processes can import it."""

import json
import os
import signal
import sys
import time
from pathlib import Path

import numpy as np

DEADLY = 7


def quick(scenario, seed):
    return json.dumps({"measures": {"weeks": scenario.weeks, "seed": seed}, "mesa": "mesa" in sys.modules})


def slow(scenario, seed):
    time.sleep(0.05)
    return quick(scenario, seed)


def killed_once(flag, scenario, seed):
    """The first worker that gets the deadly seed is killed, as by the system."""
    time.sleep(0.01)
    if seed == DEADLY and not Path(flag).exists():
        Path(flag).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return quick(scenario, seed)


def always_killed(scenario, seed):
    """Every worker that gets the deadly seed is killed."""
    if seed == DEADLY:
        os.kill(os.getpid(), signal.SIGKILL)
    return quick(scenario, seed)


def all_killed(scenario, seed):
    os.kill(os.getpid(), signal.SIGKILL)
    return quick(scenario, seed)


def failing(scenario, seed):
    if seed == DEADLY:
        raise ArithmeticError("impossible state in week 17")
    return quick(scenario, seed)


def too_large(scenario, seed):
    return str(np.zeros(1 << 50))
