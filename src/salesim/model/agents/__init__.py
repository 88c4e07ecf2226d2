"""The kinds of agents and deals: their records, and the rules that write them."""
