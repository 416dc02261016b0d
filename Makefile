# Two commands do everything: `make compare` and `make test`. Both set up what they need.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
DORSET := scenarios/dorset
COUNTRY := scenarios/england-and-wales
OPTIONS := suspended-sentences more-tags more-treatment more-rj housing-on-release \
           tags-and-suspended-sentences
DRAWS ?= 64

.PHONY: browser compare test check lint types contracts bench bench-short same-bits kills picture options \
        tables mutants mutants-of versions clean generations year effects calibrate coverage questions \
        calibrate-country calibrate-dorset resolving doubt-coverage assumptions ratios short-sentences \
        own-outcomes docs sizing soak licences

compare: $(VENV)/ready-report
	$(BIN)/pathsim compare $(DORSET)/baseline.toml $(OPTIONS:%=$(DORSET)/%.toml) \
	  --draws $(DRAWS) --seed 1 --out out/dorset

# Two files of tests at a time, for most use one processor; but those that send signals alone.
SIGNALS := tests/test_cli_errors.py tests/test_files.py tests/test_interrupts.py
test: $(VENV)/ready-dev browser
	$(BIN)/python -m pytest $(SIGNALS)
	$(BIN)/python -m pytest -n 2 --dist loadfile $(SIGNALS:%=--ignore=%)

check: lint types contracts

# What tests of pages and of the workbook open them with, from the system's packages. Without the
# right to install them these tests are skipped, but in CI.
browser:
	@.ci/browser

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

# A hundred commands killed at random moments, and a hundred decisions that go on from their store;
# some ten minutes each.
kills: $(VENV)/ready-dev
	PYTHONPATH=$(CURDIR) $(BIN)/python tests/kills.py --kills 100
	$(BIN)/python tests/killed_decisions.py --kills 100

# A hundred thousand spoilt files, an hour of comparisons, a hundred killed decisions: two hours or
# more. MINUTES and INPUTS shorten the first two.
MINUTES ?= 60
INPUTS ?= 100000
soak: $(VENV)/ready-dev
	$(BIN)/python -m tests.soak fuzz --inputs $(INPUTS)
	$(BIN)/python -m tests.soak compare --minutes $(MINUTES)
	$(BIN)/python -m tests.soak kills

# All that is installed, with licences, and a bill of materials in CycloneDX, made by a tool in an
# environment of its own.
licences: $(VENV)/ready-dev
	mkdir -p build
	$(BIN)/python docs/supply.py --out build/licences.csv
	[ -x build/bom-tool/bin/cyclonedx-py ] || { $(PYTHON) -m venv build/bom-tool && \
	  build/bom-tool/bin/python -m pip install --quiet --disable-pip-version-check \
	  'cyclonedx-bom>=7,<8'; }
	build/bom-tool/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible \
	  --output-file build/bom.json $(BIN)/python

# One hash of all results on other processors, with more workers and, in PYTHONS, other
# interpreters in which pathsim is installed: some ten minutes.
same-bits: $(VENV)/ready-dev
	$(BIN)/python -m benchmarks.same_bits --python $(PYTHONS) --out build/same_bits.json

# How many single changes of the code the tests notice, by package: some half an hour.
mutants: $(VENV)/ready-dev
	$(BIN)/python tests/mutants.py --sample 60 --seed 1

# The same of one package, by the tests that are named like its modules alone; others may kill what
# these do not. On two busy processors people took four minutes, scenario seventeen.
PACKAGE ?= people
mutants-of: $(VENV)/ready-dev
	$(BIN)/python tests/mutants.py --sample 15 --near $(PACKAGE)

# Both ends of what pyproject.toml allows, on each of these Pythons that is there.
VERSIONS_ON ?= python3.11 python3.12 python3.13
versions:
	for python in $(VERSIONS_ON); do for set in lowest newest; do \
	  .ci/versions $$set $$python || exit 1; done; done

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/ready-report: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) --editable '.[report,decide]'
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

# What commissioners ask, with the command and the answer.
questions: $(VENV)/ready-report
	$(BIN)/python docs/questions.py

# Both areas fitted anew, with what follows for effects: some ten minutes on two quiet cores. After
# an interrupt the same command goes on. The runs are kept in build, for `make coverage`.
calibrate: calibrate-country calibrate-dorset resolving

calibrate-country: $(VENV)/ready-dev
	mkdir -p build
	$(BIN)/pathsim calibrate $(COUNTRY)/baseline.toml --out $(COUNTRY)/posterior.csv --write
	mv $(COUNTRY)/posterior.runs.jsonl build/country.runs.jsonl

calibrate-dorset: $(VENV)/ready-dev
	mkdir -p build
	$(BIN)/pathsim calibrate $(DORSET)/baseline.toml --prior-from $(COUNTRY)/posterior.csv \
	  --runs 256 --replications 4 --out $(DORSET)/posterior.csv --write
	mv $(DORSET)/posterior.runs.jsonl build/dorset.runs.jsonl

# What solving the levels anew in each state of the world does.
resolving: $(VENV)/ready-dev
	$(BIN)/python docs/resolving.py

# Whether intervals of doubt hold what is so: some fifteen minutes.
doubt-coverage: $(VENV)/ready-dev
	$(BIN)/python docs/doubt_coverage.py

# Whether the country's fit finds parameters that are known.
coverage: $(VENV)/ready-dev
	$(BIN)/python docs/coverage.py build/country.runs.jsonl $(COUNTRY)/posterior.csv

# What studies of effects report, and the ratios that follow.
effects: $(VENV)/ready-dev
	$(BIN)/python docs/effects.py

# What stands behind the parameters that move the answers most.
assumptions: $(VENV)/ready-dev
	$(BIN)/python docs/assumptions.py

# Published ratios of benefit to cost beside the model's: two minutes or three.
ratios: $(VENV)/ready-report
	$(BIN)/python docs/ratios.py

# How loads settle with generations before and after the counted cohort.
generations: $(VENV)/ready-report
	$(BIN)/python -m docs.generations

# What a year of Dorset means, with its diagram, and the country's total and its prisons against what
# is published.
year: $(VENV)/ready-report
	$(BIN)/python docs/year.py
	$(BIN)/python docs/national.py
	$(BIN)/python -m docs.prisons

# The country without prison sentences of up to six months: some five minutes.
short-sentences: $(VENV)/ready-dev
	$(BIN)/python docs/short_sentences.py

# How long a study takes, from rates measured here: half a minute.
sizing: $(VENV)/ready-dev
	$(BIN)/python docs/sizing.py

# Two public data sets held against the country's scenario.
own-outcomes: $(VENV)/ready-dev
	$(BIN)/python docs/own_outcomes.py

# The documentation site, as plain files in build/site. Notebooks are simulated when they changed.
docs: $(VENV)/ready-dev
	$(BIN)/sphinx-build --builder html --nitpicky --fail-on-warning --keep-going --quiet \
	  docs build/site

clean:
	rm -rf $(VENV) build out
