"""From words of the command line to settings: the only room that imports Hydra."""
