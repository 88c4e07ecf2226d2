# Two commands from a fresh clone with nothing but python3 and make: `make run` and `make test`.
# uv is used if it is installed; otherwise the one in the lock is put into .uv/. Packages are checked against their hashes.
UV := $(or $(shell uv --version >/dev/null 2>&1 && command -v uv),.uv/bin/uv)
BIN := .venv/bin
ARGS ?=

run: .venv/.ready  ## compare the three strategies; ARGS='experiment=margin_spiral seeds=10' runs another experiment
	@$(BIN)/salesim $(ARGS)

test: .venv/.ready  ## all tests; ARGS='tests/model/test_rng.py -k cache' runs some
	@$(BIN)/python -m pytest $(ARGS)

lint: .venv/.ready  ## style, types, and the layers of the package
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

test-matrix: .venv/.ready $(UV)  ## tests and equal tables on every Python at hand, with the oldest and newest packages; ARGS='3.13 oldest'
	@UV=$(UV) $(BIN)/python tests/pythons/matrix.py $(ARGS)

# numba reports the lines of a rule when it compiles it, so nothing may come from a compile cache. A second pass without the compiler
# shows which lines of the rules run.
COVER := COVERAGE_FILE=build/coverage/data $(BIN)/python -m coverage
RULES := COVERAGE_FILE=build/coverage/plain $(BIN)/python -m coverage
coverage: .venv/.ready  ## lines of src that the tests run, compiled rules included; below 95 % is an error
	@rm -rf build/coverage && mkdir -p build/coverage
	@NUMBA_JIT_COVERAGE=1 NUMBA_CACHE_DIR=$(CURDIR)/build/coverage/rules $(COVER) run -m pytest $(ARGS)
	@$(COVER) combine --quiet && $(COVER) report
	@echo "The rules, run without the compiler:"
	@NUMBA_DISABLE_JIT=1 $(RULES) run tests/executed_rules.py
	@$(RULES) combine --quiet && $(RULES) report --include='src/salesim/model/agents/*,src/salesim/model/pricing.py,src/salesim/model/phases/*,src/salesim/model/schedule.py' --omit='*/views.py'

bench: .venv/.ready build/bench/peers/.ready  ## speed, compared with the peers; ARGS=quick takes a minute, ARGS='--against PATH' compares checkouts
	@$(BIN)/python benchmarks/run.py $(ARGS)

docs: .venv/.ready  ## renew the pages that are generated from the code
	@$(BIN)/python docs/make_records.py
	@$(BIN)/python docs/make_evidence.py

site: .venv/.ready  ## build the documentation site, build/site/index.html, from the pages of the repository
	@$(BIN)/python docs/make_site.py

wheel: .venv/.ready  ## build the wheel into dist/, with the rules compiled for this system, Python and numba
	@$(BIN)/python -m hatchling build -t wheel $(ARGS)

proofs: .venv/.ready  ## measure again what verdicts promise; half an hour
	@for proof in false_verdicts interval_coverage interim_analyses selection common_random_numbers teaching_market classroom classroom_notes aims kept_settings signs; do $(BIN)/python docs/proofs/$$proof.py; done

screen: .venv/.ready  ## what each number of the market moves; an error if one moves nothing; some minutes
	@$(BIN)/python docs/proofs/screen.py

picture: .venv/.ready  ## renew the picture of the README from the last `make run`; needs chromium
	@$(BIN)/python docs/make_picture.py

lock: $(UV)  ## renew requirements.lock from pyproject.toml
	@$(UV) pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--no-emit-index-url --upgrade $(ARGS) --all-extras --group dev --group build -o requirements.lock pyproject.toml
	@printf 'mesa-frames\npolars\npolars-runtime-32\n' | $(UV) pip compile --quiet --no-config --python-version 3.11 --universal \
		--no-deps --generate-hashes --no-annotate --no-header --no-emit-index-url --upgrade $(ARGS) -o benchmarks/requirements.lock -

help:
	@sed -n 's/^\([a-z-]*\):.*##/\1 -/p' Makefile

# The rules of the market are compiled meanwhile, so that the first command need not wait for it.
.venv/.ready: requirements.lock pyproject.toml | $(UV)
	@echo "Setting up .venv (first time only) ..."
	@$(UV) venv --quiet --allow-existing --python-preference only-system --python '>=3.11' .venv
	@$(UV) pip sync --quiet --python .venv --require-hashes requirements.lock
	@PYTHONPATH=src $(BIN)/python -m salesim.runs.warm_up & \
		$(UV) pip install --quiet --compile-bytecode --python .venv --no-deps --no-build-isolation --editable . && wait
	@touch $@

# Only for the peers of the benchmark, in a folder of their own: mesa-frames requires an older numpy than it needs.
build/bench/peers/.ready: benchmarks/requirements.lock .venv/.ready
	@$(UV) pip install --quiet --python .venv --no-deps --require-hashes --target build/bench/peers -r benchmarks/requirements.lock
	@touch $@

.uv/bin/uv: | requirements.lock
	@python3 -m venv .uv
	@awk '/^uv==/ {found = 1} found {print} found && !/\\$$/ {exit}' requirements.lock > .uv/uv.lock
	@.uv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .uv/uv.lock

.PHONY: run test test-matrix lint coverage bench docs site wheel proofs screen picture lock help
