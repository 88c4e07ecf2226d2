"""Agents and deals: records, and rules that write them. `s` is the row of SETTINGS, `levers` a row of LEVERS (vendor.py)."""
