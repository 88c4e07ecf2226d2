"""The phases of a week, a room for each part of it; `week.py` plays them in order."""
