# Two commands matter: `make run` and `make test`. Both set up everything they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

# Recorded replies of other models, judged by the demonstration where they are there.
REPLIES := $(wildcard ../shared/data/language_confusion.jsonl.gz ../shared/data/m_ifeval_responses.jsonl.gz)

# Prompts that people wrote, on which the checkpoints' apology is measured where they are there.
PROMPTS := $(wildcard ../shared/data/marco_prompts.jsonl.gz)

.PHONY: run demo test test-tools lint setup checkpoints bench bench-peers bench-language bench-modifiers bench-canary clean

run: setup
	$(BIN)/dragoman demo $(addprefix --replies ,$(REPLIES))

demo: setup
	$(BIN)/dragoman demo --once $(addprefix --replies ,$(REPLIES))

test: setup lint
	$(BIN)/pytest

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# What tests need beside Python packages; needs apt-get and root (or sudo).
test-tools:
	deploy/test-tools.sh

setup: $(STAMP)

$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; name it with PYTHON=python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing Dragoman and what it needs into $(VENV) (once; torch is some 200 MB) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[embedded,redis,postgres,parquet,segmentation,dev]'
	@touch $@

# Trains the shipped checkpoints anew and measures them; about half an hour on two cores.
checkpoints: setup
	$(BIN)/python -m service.checkpoints.train
	$(BIN)/python -m service.checkpoints.measure $(addprefix --prompts ,$(PROMPTS))

bench: setup
	$(BIN)/python -m bench.gateway

# The gateway beside other gateways, on two cores (some 1.2 GB, once); about twenty minutes.
bench-peers: setup
	$(BIN)/python -m bench.peers
	$(BIN)/python -m bench.peers streams

# The language half beside its peers (some 100 MB to fetch); needs the development data, about ten minutes.
bench-language: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	$(BIN)/python -m bench.language --official-rules --plot bench/language/power.svg

# What is claimed of the modifiers, beside the official rules; needs the development data, about five minutes.
bench-modifiers: setup
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	$(BIN)/python -m bench.modifiers

# False alarms of a canary's decision and the requests that it takes, simulated; three quarters of an hour of CPU.
bench-canary: setup
	$(BIN)/python -m bench.canary

clean:
	rm -rf $(VENV)
