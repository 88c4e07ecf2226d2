"""From the command line and YAML files to checked settings: what a scenario, an experiment, a study is."""
