"""The hand-out: a lesson as one page that opens anywhere, out of runs that were made beforehand."""
