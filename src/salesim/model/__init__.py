"""The market: agents, phases of a week, records; nothing here knows files, statistics or reports."""
