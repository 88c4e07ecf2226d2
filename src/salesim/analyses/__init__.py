"""Analyses of the market: one package each, with what it asks, costs, runs and saves."""
