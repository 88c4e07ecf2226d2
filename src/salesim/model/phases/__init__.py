"""The phases of a week; `schedule.py` runs them in order.

In rules, `s` is the settings record and `levers` a vendor's current levers (SETTINGS and LEVERS in `agents/vendor.py`).
"""
