"""Verdicts one may act on: which runs are played, when it is enough, and what may then be said."""
