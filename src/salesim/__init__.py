"""salesim: how should we sell as our product turns into a commodity?"""

__version__ = "0.1.0"
