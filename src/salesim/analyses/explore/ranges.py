"""How far numbers may lie from what they are set to: the ranges that files declare, and those that a fit has left."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from salesim.config.config_files import choice, configs_folder, place_of, read_yaml
from salesim.config.errors import InputError

LOW, HIGH = 0.05, 0.95  # quantiles of worlds between which a number is varied


def declared_ranges(axes: Mapping[str, str], folders: Sequence[Path]) -> dict[str, str]:
    """Every number whose uncertainty is written down: what the fit of the default market varied, priors of `fit`, `axes`."""
    free = read_yaml(configs_folder() / "evidence" / "fit.yaml")["free"]
    searched = {key: f"interval({low},{high})" for key, (low, high) in free.items()}
    priors: Mapping[str, str] = choice("fit", "standard", folders)["priors"]
    return {**searched, **priors, **axes}


def ranges_of_worlds(text: str) -> dict[str, str]:
    """The 90 % range of each setting over the kept worlds of a fit, from its members.csv. Raises InputError."""
    file = place_of(text)
    try:
        members = pd.read_csv(file)
        kept = members[members["kept"].astype(bool)]
    except (OSError, KeyError, ValueError) as error:
        raise InputError(f"explore.members is {text}, which is no members.csv of `salesim fit`") from error
    ends = {key: kept[key].quantile([LOW, HIGH]).tolist() for key in kept if key.startswith("market.")}
    if len(kept) < 2 or not ends:
        raise InputError(f"explore.members is {text}, which has fewer than two worlds; fit again with other numbers")
    return {key: f"interval({low:.6g},{high:.6g})" for key, (low, high) in ends.items() if low < high}
