"""Tables in, statistics out. Nothing here knows the model."""
