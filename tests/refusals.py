"""How a refusal of the command line has to look: one message, exit code 2, nothing else."""

from salesim.cli import main


def refusal(capsys, *words: str, first: bool = False) -> str:
    """The one message that words are refused with, `first` before any other output."""
    code = main(list(words))
    streams = capsys.readouterr()
    assert code == 2, streams
    assert streams.err.startswith("salesim: ")
    assert streams.err.count("\n") == 1, streams.err
    assert "Traceback" not in streams.err + streams.out
    assert not first or streams.out == ""
    return str(streams.err)
