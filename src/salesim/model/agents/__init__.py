"""Agents and deals: their records, and the rules that write them.

In rules, `s` is the one row of SETTINGS (`s.trust_gain` is the setting `market.trust.gain`), `levers` a row of LEVERS; both
record types are in `vendor.py`.
"""
