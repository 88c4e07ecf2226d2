"""`salesim compare`: interim analyses of paired runs until every verdict is settled, then confirmation seeds."""
