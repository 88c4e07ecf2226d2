"""The version of salesim."""

__version__ = "0.1.0"
