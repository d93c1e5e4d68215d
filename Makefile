# Attune. `make demo` is all that a newcomer needs; every target that runs Python sets up .venv first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.attune-setup
PAGE_TOOLS := node_modules/.attune-setup
EXTRAS := agent,voice,vision,asr-moonshine,asr,asr-stream,aec,dev
PYTEST_ARGS ?=
export DENO_NO_UPDATE_CHECK := 1

# PyAudio is built from source, so its extra is installed only where PortAudio's headers and a C compiler are.
PORTAUDIO := $(firstword $(wildcard /usr/include/portaudio.h /usr/local/include/portaudio.h /opt/homebrew/include/portaudio.h))
ifneq ($(PORTAUDIO),)
ifneq ($(shell command -v cc || command -v gcc),)
EXTRAS := $(EXTRAS),mic
endif
endif

.PHONY: setup robot-setup train-setup demo test lint format bench page constraints clean help

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: $(STAMP) ## make .venv with everything that demo, test and lint need

$(STAMP): pyproject.toml constraints.txt
	@command -v $(PYTHON) >/dev/null || { echo "attune: there is no $(PYTHON); install Python 3.11 or later, or: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "attune: $(PYTHON) is `$(PYTHON) -V 2>&1`; the agent needs Python 3.11 or later: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "attune: $(PYTHON) cannot make virtual environments; on Debian: apt-get install python3-venv" >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[$(EXTRAS)]'
	@touch $@

$(VENV)/.attune-train: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check torch==2.13.0
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[train]'
	@touch $@

$(VENV)/.attune-robot: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[robot,nao,dds,menagerie]'
	@touch $@

robot-setup: $(VENV)/.attune-robot ## add what bodies with motors and ROS messages need

train-setup: $(VENV)/.attune-train ## add torch and what training needs (its tests are skipped without)

# From npm, by the lock file: the type checker of the page's modules, types, and what the vendored libraries are made of.
$(PAGE_TOOLS): deno.jsonc deno.lock $(STAMP)
	$(BIN)/deno install --quiet --frozen
	@touch $@

demo: setup ## open the talking page at http://127.0.0.1:8765
	$(BIN)/attune demo $(ARGS)

test: robot-setup ## run the whole test suite: what computes on all cores, then what needs the machine, one by one
	$(BIN)/deno test --quiet --no-check --no-remote
	$(BIN)/python -m pytest -n auto --dist loadscope --no-loadscope-reorder -m "not slow or computing" --durations=20 $(PYTEST_ARGS)
	$(BIN)/python -m pytest -m "slow and not computing" --durations=40 $(PYTEST_ARGS)

lint: setup $(PAGE_TOOLS) ## ruff, format check, mypy; the page's modules: deno lint, tsc
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	MYPYPATH=ros_ws/src/attune_bridge $(BIN)/mypy -p attune_bridge
	$(BIN)/deno lint --quiet
	$(BIN)/deno task --quiet types

format: setup ## let ruff mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup ## run the benchmarks
	@found=$$(find benchmarks -maxdepth 1 -name 'bench_*.py' | sort); \
	test -n "$$found" || { echo "attune: there are no benchmarks yet" >&2; exit 1; }; \
	for file in $$found; do echo "== $$file"; $(BIN)/python $$file $(ARGS) || exit 1; done

page: setup $(PAGE_TOOLS) ## rebuild the libraries vendored in the avatar page
	avatar/page/build.sh $(BIN)/deno

constraints: ## resolve all extras anew into constraints.txt (run it on Linux with Python 3.11)
	$(PYTHON) scripts/pin_constraints.py

clean: ## remove what the other targets made
	rm -rf $(VENV) node_modules build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis *.egg-info
	find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +
