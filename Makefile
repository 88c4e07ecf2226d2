# Two commands from a fresh clone with nothing but python3 and make: `make run` and `make test`.
# uv is used if it is there; else it is put into a small environment of its own.
UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)
READY := .venv/.ready
ARGS ?=

run: $(READY)
	@.venv/bin/salesim $(ARGS)

test: $(READY)
	.venv/bin/python -m pytest $(ARGS)

$(READY): pyproject.toml | $(UV)
	@echo "Setting up .venv (first time only) ..."
	@$(UV) sync --quiet --python-preference only-system
	@touch $@

.uv/bin/uv:
	@python3 -m venv .uv && .uv/bin/python -m pip install --quiet uv

.PHONY: run test
