"""Markets that reproduce given numbers: a design over priors, an emulator, waves, and an ensemble that is run again."""
