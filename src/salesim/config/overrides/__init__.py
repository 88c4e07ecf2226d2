"""From words of the command line to settings: the only package that imports Hydra, for its grammar."""
