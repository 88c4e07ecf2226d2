"""Every sentence about a saved study, once."""
