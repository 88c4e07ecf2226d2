"""One page for a meeting: the answer of a study with two charts, on paper, as slides and as a workbook."""
