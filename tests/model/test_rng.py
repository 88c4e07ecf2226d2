from pathlib import Path

import numpy as np
from scipy import stats

from salesim.model import compile_cache as rules
from salesim.model.rng import gumbel, uniform_for


def test_a_random_number_depends_on_its_key_alone():
    first = uniform_for(7, 3, 5, 11)
    uniform_for(7, 3, 6, 11)
    assert uniform_for(7, 3, 5, 11) == first


def test_random_numbers_are_uniform_over_every_part_of_the_key():
    for position in range(4):
        key = [1, 1, 1, 1]
        sample = []
        for value in range(4000):
            key[position] = value
            sample.append(uniform_for(*key))
        assert stats.kstest(sample, "uniform").pvalue > 1e-4


def test_neighbouring_keys_are_uncorrelated():
    sample = np.array([[uniform_for(9, 2, who, week) for week in range(60)] for who in range(200)])
    assert abs(np.corrcoef(sample[:, :-1].ravel(), sample[:, 1:].ravel())[0, 1]) < 0.04
    assert abs(np.corrcoef(sample[:-1].ravel(), sample[1:].ravel())[0, 1]) < 0.04


def test_gumbel_quantiles_match_scipy():
    assert np.isclose(gumbel(0.3), stats.gumbel_r.ppf(0.3), rtol=1e-12)


def test_rules_live_where_the_compile_cache_looks():
    package = Path(rules.__file__).parents[1]
    homes = [path.relative_to(package) for path in package.rglob("*.py") if "\n@rule\n" in path.read_text(encoding="utf-8")]
    assert len(homes) > 8
    assert {home.parts[0] for home in homes} <= set(rules.COMPILED_IN)


def test_the_cache_folder_changes_with_any_file_of_the_model(tmp_path):
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "deal.py").write_text("a = 1")
    before = rules.source_digest(tmp_path)
    (tmp_path / "report.py").write_text("nothing of rules")
    assert rules.source_digest(tmp_path) == before
    (tmp_path / "model" / "deal.py").write_text("a = 2")
    assert rules.source_digest(tmp_path) != before
