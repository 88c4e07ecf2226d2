"""Tests of measures: by hand, by law, and from exported files alone."""
