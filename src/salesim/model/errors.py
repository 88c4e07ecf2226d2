"""The one error that a person's input can cause."""


class InputError(ValueError):
    """What came, what is allowed, and where to change it, in one message. The command line prints it and exits with 2.

    `text` is the message without the `way_out`, for who knows a better one.
    """

    def __init__(self, text: str, way_out: str = "") -> None:
        super().__init__(f"{text}; {way_out}" if way_out else text)
        self.text = text
