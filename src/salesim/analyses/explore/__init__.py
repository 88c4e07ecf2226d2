"""Where each arm wins: a design over uncertain numbers, what decides there, rules in words, regret, tipping points."""
