"""The phases of a week, a module for each part of it; `schedule.py` plays them in order."""
