"""Tests of statistics: tables in, intervals and sentences out."""
