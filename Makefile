# What people do with a checkout.  `make` alone lists it.
#
# It needs python3 (3.11 or later, with venv), git and make, nothing else: the rest
# is installed into .venv from the locked lists in requirements/.

PYTHON ?= python3
PORT ?= 8000
CONSOLE_PORT ?= 8501
UV ?= uv

BIN := .venv/bin
RUN := .venv/.run
DEV := .venv/.dev
FUZZ := .venv/.fuzz
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PROJECTS := pyproject.toml client/pyproject.toml
RIVALS := $(patsubst requirements/bench/%.txt,.venv-bench/%/.done,$(wildcard requirements/bench/*.txt))
PEERS := $(patsubst requirements/peers/%.txt,.venv-peers/%/.done,$(wildcard requirements/peers/*.txt))
FAST := tests/rules tests/client tests/remote --ignore tests/client/guardrails/detectors \
	$(filter-out $(addprefix tests/test_,library.py house_rules.py docs.py),$(wildcard tests/test_*.py))

.PHONY: help browser up test test-browser test-fast test-deep test-peers fuzz mutants planted lint bench curves lock clean git
.DEFAULT_GOAL := help

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' Makefile | \
		while IFS='|' read -r what words; do printf '  %-18s %s\n' "$$what" "$$words"; done

up: git $(RUN) ## a registry to try, with an example library, on port 8000 (PORT=8001), and the console on 8501 (CONSOLE_PORT=8502)
	@$(BIN)/placet up --port $(PORT) --console-port $(CONSOLE_PORT)

test: git $(DEV) ## every test but those in browsers and of test-deep (ARGS="tests/cli -k story" for some)
	@$(BIN)/pytest -n auto --dist loadfile --durations 20 --durations-min 4 \
		$(or $(ARGS),-m "not deep" --ignore tests/peers --ignore tests/ui/browser)

test-browser: git $(DEV) browser ## people's stories in a real browser, and a picture of each page
	@$(BIN)/pytest -n auto --dist loadfile $(or $(ARGS),tests/ui/browser)

test-fast: git $(DEV) ## the rules, the documents and the client, without a network
	@$(BIN)/pytest -n auto -m "not slow" $(or $(ARGS),$(FAST))

test-deep: git $(DEV) ## hundreds of crashes, orders and histories of one thing (EXAMPLES=200 SEED=random)
	@$(BIN)/pytest -n auto -m deep $(ARGS)
	@PLACET_DEEP=$(or $(EXAMPLES),200) $(BIN)/pytest tests/rules/test_workflow_machine.py \
		--hypothesis-seed=$(or $(SEED),0) $(ARGS)

fuzz: $(FUZZ) ## hostile bytes for everything that reads authors' texts (SECONDS=60 each)
	@$(BIN)/python -m tests.fuzz --seconds $(or $(SECONDS),60) 2>/dev/null

mutants: $(DEV) ## small mistakes in the rules, each of which a test should notice (ONLY=votes)
	@nice -n 19 $(BIN)/python -m tests.mutants $(ONLY)

planted: $(DEV) ## mistakes that somebody could make, and which invariant notices (WORD=veto)
	@nice -n 19 $(BIN)/python -m tests.planted $(WORD)

test-peers: git $(DEV) $(PEERS) ## exports, read by the products that they are for
	@PLACET_PEERS=$(CURDIR)/.venv-peers $(BIN)/pytest tests/peers $(ARGS)

lint: $(DEV) ## format, rules, types and the direction of imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: git $(DEV) browser $(RIVALS) ## what is measured (ONLY=reads QUICK=1 for one, shortly)
	@$(BIN)/python -m benchmarks $(if $(ONLY),--only $(ONLY)) $(if $(QUICK),--quick)

curves: git $(DEV) ## how the figures grow with documents and with events (a quarter of an hour)
	@$(BIN)/python -m benchmarks.curves

lock: ## make requirements/ again from pyproject.toml (UPGRADE=1 for newer versions)
	@command -v $(UV) >/dev/null || \
		{ echo "uv is missing: install it with 'pipx install uv', or name it: make lock UV=PATH" >&2; exit 2; }
	@set -e; here=$$PWD; scratch=$$(mktemp -d); trap 'rm -rf "$$scratch"' EXIT; \
	sed '/"placet\[/d' pyproject.toml > "$$scratch/pyproject.toml"; cd "$$scratch"; \
	compile="$(UV) pip compile pyproject.toml --extra console --extra postgresql --extra retirements --group build \
		--universal --python-version 3.11 --generate-hashes --no-header \
		--no-annotate --quiet $(if $(UPGRADE),--upgrade)"; \
	$$compile --output-file "$$here/requirements/run.txt" >/dev/null; \
	$$compile --group dev --constraint "$$here/requirements/run.txt" \
		--output-file "$$here/requirements/dev.txt" >/dev/null; \
	$$compile --group dev --group fuzz --constraint "$$here/requirements/dev.txt" \
		--output-file "$$here/requirements/fuzz.txt" >/dev/null; \
	for peer in "$$here"/requirements/peers/*.in "$$here"/requirements/bench/*.in; do \
		$(UV) pip compile "$$peer" --universal --python-version 3.11 --generate-hashes \
			--no-header --no-annotate --quiet $(if $(UPGRADE),--upgrade) \
			--output-file "$${peer%.in}.txt" >/dev/null; \
	done

clean: ## take away what was installed and cached; var/ stays
	rm -rf .venv .venv-peers .venv-bench .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

git:
	@command -v git >/dev/null || \
		{ echo "git is missing, and the ledger is a git repository: apt-get install git" >&2; exit 2; }

# Tests of the console drive Chromium: what is installed, else Debian's package for
# who may install it, else Playwright's own.
browser: $(DEV)
	@for name in chromium chromium-browser google-chrome; do \
		if command -v $$name >/dev/null; then exit 0; fi; \
	done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Chromium"; \
		apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	else \
		$(BIN)/playwright install chromium; \
	fi

# The first of these that is new enough makes the environment.
$(BIN)/python:
	@for python in $(PYTHON) python3.14 python3.13 python3.12 python3.11; do \
		$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
			&& break; python=; \
	done; \
	if [ -z "$$python" ]; then \
		echo "Python 3.11 or later is missing: install it, or name it: make PYTHON=PATH" >&2; \
		exit 2; \
	fi; \
	if ! $$python -c 'import ensurepip, venv' 2>/dev/null; then \
		echo "Python's venv is missing: apt-get install python3-venv" >&2; \
		exit 2; \
	fi; \
	echo "Making .venv with $$python"; \
	$$python -m venv --clear .venv

$(RUN): requirements/run.txt $(PROJECTS) | $(BIN)/python
	@echo "Installing what a registry needs"
	@$(PIP) --require-hashes -r requirements/run.txt
	@$(PIP) --no-deps --no-build-isolation -e client -e .
	@touch $@

# Products that exports are tried with, each in an environment of its own: they want
# different versions of the same packages.
.venv-peers/%/.done: requirements/peers/%.txt | $(BIN)/python
	@echo "Installing $* to try exports with"
	@rm -rf .venv-peers/$*
	@$(BIN)/python -m venv .venv-peers/$*
	@.venv-peers/$*/bin/python -m pip install --quiet --disable-pip-version-check \
		--require-hashes -r $<
	@touch $@

# What our figures are measured beside.
.venv-bench/%/.done: requirements/bench/%.txt | $(BIN)/python
	@echo "Installing $* to measure beside"
	@rm -rf .venv-bench/$*
	@$(BIN)/python -m venv .venv-bench/$*
	@.venv-bench/$*/bin/python -m pip install --quiet --disable-pip-version-check \
		--require-hashes -r $<
	@touch $@

# These are the same versions and some more, so what runs needs nothing after them.
$(DEV): requirements/run.txt requirements/dev.txt $(PROJECTS) | $(BIN)/python
	@echo "Installing what a registry and its tests need"
	@$(PIP) --require-hashes -r requirements/dev.txt
	@$(PIP) --no-deps --no-build-isolation -e client -e .
	@touch $(RUN) $@

$(FUZZ): $(DEV) requirements/fuzz.txt
	@echo "Installing the fuzzer"
	@$(PIP) --require-hashes -r requirements/fuzz.txt
	@touch $@
