# Needs Python 3.11+, make and a network. `make` alone lists what there is.

ifeq ($(origin PYTHON),undefined)
PYTHON := $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then echo $$name; break; fi; done)
else
# Only a Python that somebody asked for replaces a venv that works.
EXACT := --exact
endif
BIN := .venv/bin
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev app test lint format train lock clean python

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /  make \1|/p' Makefile | awk -F'|' '{ printf "%-16s %s\n", $$1, $$2 }'

setup: python ## everything the program needs, into .venv
	@"$(PYTHON)" scripts/setup_env.py $(EXACT)

app: setup ## set up, then open the page in the browser
	@$(BIN)/coach app $(ARGS)

setup-dev: python ## as setup, with what tests and lint need
	@"$(PYTHON)" scripts/setup_env.py --dev $(EXACT)

# Without a browser the browser tests say so themselves: skipped here, failed in CI.
test: setup-dev ## set up, then run the tests (ARGS="-k walls" picks some)
	-@$(BIN)/python scripts/setup_browser.py
	@$(BIN)/python -m pytest $(ARGS)

lint: setup-dev ## style, formatting and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: setup-dev ## put the code into the project's format
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

# Its own environment: the training libraries take gigabytes that nobody needs to use the program.
train: python ## make the reader network anew, with its held-out figures (ARGS="--folds" or "--ship" for a part)
	@test -x .venv-train/bin/python || "$(PYTHON)" -m venv .venv-train
	@.venv-train/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/train.lock
	@.venv-train/bin/python -m training.train_reader $(ARGS)
	@.venv-train/bin/python -m evaluation.held_out

UV := uv==0.13.9
COMPILE := pip compile --quiet --universal --python-version 3.11 --generate-hashes --only-binary :all: \
	--no-emit-index-url --no-header
lock: python ## requirements/*.lock from pyproject.toml (ARGS=--upgrade for newer versions)
	@scratch=$$(mktemp -d) && trap 'rm -rf "$$scratch"' EXIT && "$(PYTHON)" -m venv "$$scratch" && \
	"$$scratch/bin/python" -m pip install --quiet --disable-pip-version-check $(UV) && \
	"$$scratch/bin/uv" $(COMPILE) $(ARGS) --group dev pyproject.toml -o requirements/dev.lock >/dev/null && \
	"$$scratch/bin/uv" $(COMPILE) $(ARGS) --group build -c requirements/dev.lock pyproject.toml -o requirements/runtime.lock >/dev/null && \
	"$$scratch/bin/uv" $(COMPILE) $(ARGS) --group train -c requirements/dev.lock pyproject.toml -o requirements/train.lock >/dev/null

clean: ## remove everything that was made in this folder (your drafts live elsewhere)
	@rm -rf .venv .venv-train dist build artifacts .pytest_cache .mypy_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer was not found. Install it, or name it: make setup PYTHON=/path/to/python3" >&2; exit 1; }
