# Two commands do everything on a machine with Python, Node and git: `make run` and `make test`.

PYTHON ?= python3
PORT ?= 8000
ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py

.DEFAULT_GOAL := help
.PHONY: help run setup setup-dev test test-reliability check lint types format client client-check client-test demo bench clean

help:  ## Show the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

run: setup  ## Serve Tenderwire with demo data (PORT=8000)
	@exec $(MANAGE) serve --port $(PORT) --show-login

setup: $(VENV)/.installed .env  ## Virtual environment, database, demo data
	@.ci/install-system-packages pdf
	@mkdir -p var
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) load_demo

demo: $(VENV)/.installed .env  ## From a sample RC to documents in the terminal (ARGS="--rc FILE --out DIR --library DIR --json")
	@$(MANAGE) demo $(ARGS)

test: setup-dev client-test  ## All tests
	@$(BIN)/pytest -n auto --dist loadfile $(ARGS)

test-reliability: setup-dev  ## The long tests of docs/reliability.md: outages, kills, floods (minutes; figures at the end)
	@$(BIN)/pytest tests/reliability --timeout 900 $(ARGS)

check: setup-dev lint types client-check  ## Linters, types, architecture, migrations, API schema, client build
	@mkdir -p var
	@$(BIN)/lint-imports --no-cache
	@SECRET_KEY=check DEBUG=True $(MANAGE) makemigrations --check --dry-run --verbosity 0
	@SECRET_KEY=check DEBUG=True $(MANAGE) check --fail-level WARNING
	@SECRET_KEY=check DEBUG=True $(MANAGE) spectacular --validate --fail-on-warn --file /dev/null

lint: $(VENV)/.installed-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev
	@$(BIN)/mypy .

format: $(VENV)/.installed-dev  ## Format Python and TypeScript
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@npm run --silent format

client: node_modules/.installed  ## Build the client library and the pages' script
	@npm run --silent build

client-check: node_modules/.installed
	@npm run --silent check
	@npm run --silent build -- --compare

client-test: node_modules/.installed
	@npm run --silent test

bench: setup-dev  ## CPU per delivery against a plain consumer; ARGS=stalled, compression, matching or grounding: docs/benchmarks.md
	@$(BIN)/python -m tests.benchmarks $(ARGS)

setup-dev: $(VENV)/.installed-dev node_modules/.installed
	@.ci/install-system-packages

$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed (PYTHON=…)."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing: install python3-venv."; exit 1; }
	@touch $@

$(VENV)/.installed: requirements.txt $(VENV)/.created
	@echo "Installing Python packages…" >&2
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

node_modules/.installed: package.json package-lock.json
	@command -v npm >/dev/null || { echo "Node.js with npm is needed for the client (version 20 or newer)."; exit 1; }
	@npm ci --silent
	@touch $@

.env:
	@$(PYTHON) -c 'import secrets; print(open(".env.example").read().replace("change-me", secrets.token_urlsafe(48)), end="")' > $@

clean:  ## Remove what set-up and runs made (also the demo database)
	@rm -rf $(VENV) node_modules var .mypy_cache .ruff_cache .pytest_cache .hypothesis
