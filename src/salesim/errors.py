"""The one error that a person's input can cause."""


class InputError(ValueError):
    """What came, what is allowed, and where to change it, in one message. The command line prints it and exits with 2."""
