"""Sweeps from the command line: words in, points composed and checked, an answer out."""
