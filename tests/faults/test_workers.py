"""Workers that die: of this machine, and of a real Dask cluster."""

from functools import partial

import pytest

from salesim import cli
from salesim.config.errors import InputError
from salesim.config.scenario import default_scenario
from salesim.config.study import Workers
from salesim.runs.executors import DaskExecutor, Task, attempt
from salesim.runs.runner import run_missing
from salesim.runs.store import RunStore
from tests.faults.cluster import cluster
from tests.faults.summaries import DEADLY, all_killed, always_killed, failing, killed_once, quick, too_large

SEEDS = range(40)
ELSEWHERE = ("processes", "dask")


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Of a scheduler with two workers."""
    with cluster(tmp_path_factory.mktemp("cluster")) as found:
        yield found


@pytest.fixture
def played(tmp_path, request):
    """A function: executor, what to do with a run -> failures, store."""

    def play(kind, summarize, count=2):
        scenario = default_scenario(weeks=52)
        wanted = {("k", seed): scenario for seed in SEEDS}
        where = request.getfixturevalue("address") if kind == "dask" else ""
        store = RunStore(tmp_path / kind)
        return run_missing(wanted, store, Workers(kind, count, where), summarize=summarize), store

    return play


@pytest.mark.parametrize("kind", ELSEWHERE)
def test_a_killed_worker_loses_no_run(played, tmp_path, kind):
    flag = tmp_path / "flag"
    failures, store = played(kind, partial(killed_once, str(flag)))
    assert flag.exists()
    assert failures == {}
    assert sorted(seed for _, seed in store.index) == list(SEEDS)


@pytest.mark.parametrize("kind", ELSEWHERE)
def test_a_run_that_always_kills_its_worker_is_reported_and_the_rest_completes(played, kind):
    failures, store = played(kind, always_killed)
    assert list(failures) == [("k", DEADLY)]
    assert "seed 7 died" in failures["k", DEADLY]
    assert sorted(seed for _, seed in store.index) == [seed for seed in SEEDS if seed != DEADLY]


@pytest.mark.parametrize("kind", ["threads", *ELSEWHERE])
def test_a_failing_run_is_kept_with_its_traceback_and_the_rest_completes(played, kind):
    failures, store = played(kind, failing)
    assert list(failures) == [("k", DEADLY)]
    assert "Traceback" in failures["k", DEADLY]
    assert "impossible state in week 17" in failures["k", DEADLY]
    assert len(store.index) == len(SEEDS) - 1


@pytest.mark.parametrize("kind", ELSEWHERE)
def test_workers_do_not_import_mesa(played, kind):
    _, store = played(kind, quick)
    assert {store.index["k", seed]["mesa"] for seed in SEEDS} == {False}


def test_if_workers_only_die_the_study_ends_with_a_message(played):
    with pytest.raises(InputError, match="all killed their worker processes"):
        played("processes", all_killed)


def test_a_cluster_that_is_not_there_or_has_no_workers_is_refused(tmp_path):
    with pytest.raises(InputError, match=r"no Dask scheduler at tcp://127\.0\.0\.1:9"):
        DaskExecutor(Workers("dask", 0, "tcp://127.0.0.1:9"), quick)
    with cluster(tmp_path, workers=0) as empty, pytest.raises(InputError, match="has no workers"):
        DaskExecutor(Workers("dask", 0, empty), quick)


def test_workers_with_another_version_are_refused(monkeypatch, address):
    monkeypatch.setattr("salesim.runs.executors.model_version", lambda: "another")
    with pytest.raises(InputError, match="another"):
        DaskExecutor(Workers("dask", 0, address), quick)


@pytest.mark.parametrize(
    ("kind", "address_given", "message"),
    [("dask", "", r"executor\.address is empty"), ("threads", "tcp://x:1", r"only executor=dask has an address")],
)
def test_an_executor_and_its_address_have_to_fit(kind, address_given, message):
    with pytest.raises(InputError, match=message):
        Workers(kind, 0, address_given)


@pytest.mark.parametrize("address", ["foo", "tcp://", "http://127.0.0.1:8786", "inproc://x", "127.0.0.1", "tcp://a:b"])
def test_an_address_that_no_scheduler_can_have_is_refused_before_anything_is_tried(address):
    with pytest.raises(InputError, match=r"executor\.address is .* as executor\.address=tcp://localhost:8786"):
        Workers("dask", 0, address)


def test_an_encrypted_address_without_certificates_is_refused():
    with pytest.raises(InputError, match=r"tls:// needs certificates in Dask's settings"):
        DaskExecutor(Workers("dask", 0, "tls://127.0.0.1:1"), quick)


def test_too_little_memory_ends_the_command_and_is_no_fault_of_a_run():
    with pytest.raises(MemoryError):
        attempt(Task(("k", 1), default_scenario(weeks=52)), too_large)


@pytest.mark.parametrize("error", [MemoryError(), RuntimeError("can't start new thread"), OSError(12, "no memory")])
def test_too_little_memory_is_one_sentence_whoever_meets_it(monkeypatch, capsys, error):
    def fail(*_):
        raise error

    monkeypatch.setattr(cli, "answer", fail)
    assert cli.main(["list"]) == 2
    assert capsys.readouterr().err == "salesim: there is not enough memory; ask for fewer customers, weeks or workers\n"
