# Two commands do everything: `make compare` and `make test`. Both set up what they need.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
DORSET := scenarios/dorset
OPTIONS := suspended-sentences more-tags more-treatment more-rj housing-on-release \
           tags-and-suspended-sentences
REPLICATIONS ?= 200

.PHONY: compare test check lint types contracts bench bench-short same-bits kills picture options \
        tables mutants versions clean generations year effects

compare: $(VENV)/ready-report
	$(BIN)/pathsim compare $(DORSET)/baseline.toml $(OPTIONS:%=$(DORSET)/%.toml) \
	  --replications $(REPLICATIONS) --seed 1 --out out/dorset

test: $(VENV)/ready-dev
	$(BIN)/python -m pytest

check: lint types contracts

lint: $(VENV)/ready-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/ready-dev
	$(BIN)/mypy

contracts: $(VENV)/ready-dev
	$(BIN)/lint-imports

# Everything on docs/benchmarks.md, measured anew: some twenty minutes on a machine that does
# nothing else.
bench: $(VENV)/ready-dev
	mkdir -p build
	$(BIN)/python -m pytest benchmarks --benchmark-enable --benchmark-only \
	  --benchmark-json=build/benchmarks.json
	$(BIN)/python -m benchmarks.growth --out build/growth.json
	$(BIN)/python -m benchmarks.time_to_answer build/time_to_answer.json
	$(BIN)/python -m benchmarks.interleaved --rounds 21 --out build/ratios.json
	$(BIN)/python -m benchmarks.page
	$(BIN)/python -m benchmarks.check_ratios build/ratios.json

# The ratios that are guarded, in about a minute; in up to four where the machine is not quiet.
bench-short: $(VENV)/ready-dev
	mkdir -p build
	$(BIN)/python -m benchmarks.interleaved --short --rounds 5 --most 25 --out build/ratios-short.json
	$(BIN)/python -m benchmarks.check_ratios build/ratios-short.json

# A hundred commands killed at random moments; some ten minutes.
kills: $(VENV)/ready-dev
	PYTHONPATH=$(CURDIR) $(BIN)/python tests/kills.py --kills 100

# One hash of all results on other processors, with more workers and, in PYTHONS, other
# interpreters in which pathsim is installed: some ten minutes.
same-bits: $(VENV)/ready-dev
	$(BIN)/python -m benchmarks.same_bits --python $(PYTHONS) --out build/same_bits.json

# How many single changes of the code the tests notice, by package: some half an hour.
mutants: $(VENV)/ready-dev
	$(BIN)/python tests/mutants.py --sample 60 --seed 1

# Both ends of what pyproject.toml allows, on each of these Pythons that is there.
VERSIONS_ON ?= python3.11 python3.12 python3.13
versions:
	for python in $(VERSIONS_ON); do for set in lowest newest; do \
	  .ci/versions $$set $$python || exit 1; done; done

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/ready-report: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) --editable '.[report]'
	touch $@

$(VENV)/ready-dev: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) --editable '.[dev]'
	touch $@ $(VENV)/ready-report

# The README's picture, from the comparison itself.
picture: $(VENV)/ready-report
	$(BIN)/python docs/picture.py

# The tables in the docs, and in the national scenario, that follow from the Dorset baseline, and
# the page of the commands.
tables: $(VENV)/ready-dev
	$(BIN)/python docs/tables.py
	$(BIN)/python docs/cli_page.py

# All Dorset options, with the effects they rest on.
options: $(VENV)/ready-report
	$(BIN)/python docs/options.py

# What studies of effects report, and the ratios that follow.
effects: $(VENV)/ready-dev
	$(BIN)/python docs/effects.py

# How loads settle with generations before and after the counted cohort.
generations: $(VENV)/ready-report
	$(BIN)/python -m docs.generations

# What a year of Dorset means, with its diagram, and the country's total against the Ministry's.
year: $(VENV)/ready-report
	$(BIN)/python docs/year.py
	$(BIN)/python docs/national.py

clean:
	rm -rf $(VENV) build out
