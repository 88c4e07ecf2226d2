"""What is printed where the terminal, a pipe or a file cannot show every sign."""

import codecs
import sys

READABLE = "salesim.readable"  # name of the error handler, for `errors=` of a stream
PLAIN = {  # by signs of the same width where they stand in tables; better and worse stay apart
    "▲": "^", "▼": "v", "≈": "~", "−": "-", "–": "-", "—": "-", "…": "...", "→": "->", "×": "x", "±": "+/-", "≥": ">=",
    "≤": "<=", "·": "*", "•": "*", "‘": "'", "’": "'", "“": '"', "”": '"', "─": "-", "━": "-", "╸": "-", "╺": "-", "│": "|",
    "┃": "|", "█": "#",
}  # fmt: skip


def readable(error: UnicodeError) -> tuple[str, int]:
    r"""Signs that an encoding lacks, in plain ones; of other letters the code, as a name with another letter is another name.

    >>> print("▲ +1.0, Jörg".encode("ascii", READABLE).decode())
    ^ +1.0, J\xf6rg
    """
    if not isinstance(error, UnicodeEncodeError):
        raise error
    signs = error.object[error.start : error.end]
    return "".join(PLAIN.get(sign) or sign.encode("ascii", "backslashreplace").decode() for sign in signs), error.end


def make_readable() -> None:
    """Let the standard streams write every sign, whatever their encoding."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=READABLE)


codecs.register_error(READABLE, readable)
