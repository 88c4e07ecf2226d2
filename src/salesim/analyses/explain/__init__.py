"""Why two arms differ, and what carries the fall of margins: bridge, deals side by side, attribution, loop gain."""
