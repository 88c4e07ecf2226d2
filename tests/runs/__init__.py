"""Tests of studies: resuming, order, failures."""
