"""Verdicts: declared, played, said."""
