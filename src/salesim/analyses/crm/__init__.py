"""An export of opportunities: read, cleaned with every trap counted, and turned into numbers that a market can have."""
