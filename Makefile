# Everything a person does with this repository. Needs make and Python >= 3.11; nothing is installed outside $(VENV).
#
#   make demo         set up, then one county's two months end to end; leaves $(DEMO_HOME) for `gateway serve`
#   make test         set up what the tests need and run all of them
#   make test-faults  kill every command at every durable step, fill every disk, harm Kafka brokers at random; takes most of an hour
#   make test-files   make and read many more files of every kind than make test does; prints how many
#   make test-redress read the samples in other words, shapes and formats: SEEDS folders, and what each misses
#   make check        style, types, architecture, freshness of generated files
#   make bench        all benchmarks, one JSON object a line on stdout
#   make kafka-up     three Kafka brokers on loopback without Docker (needs Java 17 and Maven); make kafka-down ends them
#   make docs         write the generated pages again
#   make lock         resolve requirements/*.txt again (the only target that needs uv)

VENV ?= .venv
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
DEMO_HOME ?= demo-home
DEMO_OPTIONS ?=
PYTEST_OPTIONS ?= -n auto
TEST_FILES ?= 2000
BENCH_OPTIONS ?=
SEEDS ?= 5
REDRESSED ?= build/redressed

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
PACKAGES := contracts security producers consumers gateway

.DEFAULT_GOAL := help
.PHONY: help setup setup-test demo test test-faults test-files test-redress check bench kafka-up kafka-down docs lock clean

help:
	@sed -n 's/^#   //p' Makefile

# A stamp carries the digest of nothing: it is older than the lock it was made from, or it is not, and that is all make asks.
$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python >= 3.11 is needed and none was found; name one: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements/run.txt pyproject.toml | $(BIN)/python
	$(PIP) install --quiet --require-hashes --requirement requirements/run.txt
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.run
	$(PIP) install --quiet --require-hashes --requirement requirements/test.txt
	@touch $@

$(VENV)/.bench: requirements/bench.txt $(VENV)/.test
	$(PIP) install --quiet --require-hashes --requirement requirements/bench.txt
	@touch $@

setup: $(VENV)/.run

setup-test: $(VENV)/.test

demo: setup
	$(BIN)/gateway demo --home-dir $(DEMO_HOME) $(DEMO_OPTIONS)

test: setup-test
	$(BIN)/python -m pytest $(PYTEST_OPTIONS)

test-faults: setup-test
	$(BIN)/python -m pytest $(PYTEST_OPTIONS) -m "slow or not slow" tests/fault

test-files: setup-test
	GATEWAY_TEST_FILES=$(TEST_FILES) $(BIN)/python -m pytest -m "slow or not slow" tests/unit/producers/reading/test_any_file.py tests/unit/producers/reading/test_annotate.py tests/unit/producers/reading/test_bounds.py

test-redress: setup-test
	$(BIN)/python -m tests.redress.campaign --samples ../shared/samples --work $(REDRESSED) --seeds $(SEEDS)

check: setup-test
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/mypy --strict docs/generate_errors.py
	$(BIN)/python -m pytest tests/architecture
	$(BIN)/python docs/generate_errors.py --check

bench: $(VENV)/.bench
	@$(BIN)/python -m benchmarks $(BENCH_OPTIONS)

kafka-up: $(BIN)/python
	@$(BIN)/python -m deploy.kafka up

kafka-down: $(BIN)/python
	@$(BIN)/python -m deploy.kafka down

docs: setup
	$(BIN)/python docs/generate_errors.py

# One resolution for every platform and every Python from 3.11 on. Neither a registry host nor a path of this machine is written.
UV ?= $(shell command -v uv || echo $(BIN)/uv)
LOCK = $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header
lock:
	@test -x "$(UV)" || { echo "make lock needs uv, and only make lock does: name one with make lock UV=..." >&2; exit 2; }
	$(LOCK) pyproject.toml requirements/build.in --output-file requirements/run.txt
	$(LOCK) pyproject.toml --extra test requirements/build.in requirements/test.in --constraint requirements/run.txt --output-file requirements/test.txt
	$(LOCK) pyproject.toml requirements/build.in benchmarks/requirements.in --constraint requirements/test.txt --output-file requirements/bench.txt

clean:
	rm -rf $(DEMO_HOME) build dist .hypothesis .mypy_cache .ruff_cache .bench
