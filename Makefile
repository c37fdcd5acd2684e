# Baosong in two commands: `make run` and `make test`. `make` alone prints what else there is.

PYTHON ?= python3
ARGS   ?=

VENV   := .venv
BIN    := $(VENV)/bin
ROOMS  := $(wildcard bot plugins storage scheduler domain services documents reports console practice tests benchmarks)
PYTEST := $(BIN)/python -m pytest --numprocesses=auto --dist=loadfile

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test quick lint bench simulate lock clean

help: ## print this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "  PYTHON=python3.12 picks another interpreter; ARGS='-k period' goes on to pytest, baosong or the benchmark."

run: $(VENV)/run.stamp ## start the bot; the practice city as long as there is no config.toml
	@exec $(BIN)/baosong run $(ARGS)

test: $(VENV)/test.stamp ## run every test
	$(PYTEST) $(ARGS)

quick: $(VENV)/test.stamp ## run the tests that need no process, browser or patience
	$(PYTEST) -m "not blackbox and not browser and not slow" $(ARGS)

lint: $(VENV)/test.stamp ## check style, import order and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(ROOMS)

bench: $(VENV)/test.stamp ## print the speed table (docs/speed.md says how to read it)
	$(BIN)/python -m benchmarks $(ARGS)

simulate: $(VENV)/test.stamp ## play a year of reminders in virtual time, with outages, and check that none is lost
	$(BIN)/python -m benchmarks.simulate $(ARGS)

clean: ## remove the environment and every cache; config.toml and data/ stay
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Only the public index decides what is locked: extra sources of this machine would put files in the
# lock that nobody else can fetch. A mirror is named with PIP_INDEX_URL and is not written down.
PIP_COMPILE = env -u PIP_FIND_LINKS -u PIP_EXTRA_INDEX_URL PIP_CONFIG_FILE=/dev/null \
	CUSTOM_COMPILE_COMMAND="make lock" $(abspath $(BIN))/pip-compile --quiet --generate-hashes --strip-extras \
	--allow-unsafe --no-emit-index-url --no-emit-trusted-host --no-emit-find-links

lock: $(VENV)/test.stamp ## write requirements/*.txt anew (ARGS=--upgrade takes newer versions)
	cd requirements && $(PIP_COMPILE) $(ARGS) -o run.txt run.in
	cd requirements && $(PIP_COMPILE) $(ARGS) -o test.txt test.in

# A stamp is as old as the last complete installation of its lock. Locks are installed over what is
# there, so that a running bot keeps its files; `make clean` first gives an environment without leftovers.
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check

$(VENV)/run.stamp: requirements/run.txt pyproject.toml | $(BIN)/pip
	@echo "Installing what the bot needs, every file checked against its hash ..."
	@$(INSTALL) --require-hashes --requirement $<
# The project itself is one path and one `baosong` script, made by the locked setuptools: without isolation,
# so that nothing outside the lock is fetched. The same holds for the one test package without a wheel.
	@$(INSTALL) --no-deps --no-index --no-build-isolation --editable .
	@touch $@

$(VENV)/test.stamp: requirements/test.txt $(VENV)/run.stamp
	@echo "Installing what the tests need, every file checked against its hash ..."
	@$(INSTALL) --require-hashes --no-build-isolation --use-pep517 --requirement $<
	@touch $@

# pip is the last thing venv writes: an environment without it was interrupted and is made anew.
$(BIN)/pip:
	@PYTHON="$(PYTHON)" sh .ci/python-ready
	@echo "Making $(VENV) with $$($(PYTHON) --version) ..."
	@$(PYTHON) -m venv --clear $(VENV)
