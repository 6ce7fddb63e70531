# make run: the dashboard. make test: everything installed, every test. make help: the rest.
comma := ,
SUPPORTED := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c '$(SUPPORTED)' 2>/dev/null && { echo $$p; exit; }; done)
VENV := .venv
BIN := $(VENV)/bin
GPU := $(shell command -v nvidia-smi >/dev/null 2>&1 && nvidia-smi -L >/dev/null 2>&1 && echo yes)
# Without an NVIDIA GPU the draft engines serve, and they need no torch.
RUN_REQUIREMENTS := $(if $(GPU),requirements.txt,requirements-draft.txt)
PORT ?= 8501

.PHONY: help run test check lint format types contracts messages bench clean

help:
	@echo "make run      serve the dashboard on 127.0.0.1:$(PORT), with the bundled show"
	@echo "make test     install everything and run all tests"
	@echo "make check    lint, types, import contracts, tests"
	@echo "make bench    measure the batch, the gallery, the queue and the models"
	@echo "make messages collect screen texts into the translation catalogue"
	@echo "make clean    remove the environment and caches; the library in data/ stays"

# $(call python,code): "ok" if the chosen Python runs the code. $(error) says its one line and stops make.
python = $(if $(PYTHON),$(shell "$(PYTHON)" -c '$(1)' 2>/dev/null && echo ok))

$(BIN)/python:
	$(if $(call python,$(SUPPORTED)),,$(error Chamada needs Python 3.11$(comma) 3.12 or 3.13. Install one$(comma) or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3))
	$(if $(call python,import ensurepip$(comma) venv),,$(error $(PYTHON) comes without venv. On Debian: apt install python3-venv))
	@"$(PYTHON)" -m venv $(VENV)

$(VENV)/run.stamp: $(RUN_REQUIREMENTS) requirements-draft.txt | $(BIN)/python
	@echo "Installing what this machine needs ($(RUN_REQUIREMENTS)), once …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r $(RUN_REQUIREMENTS)
	@touch $@

$(VENV)/test.stamp: requirements.txt requirements-draft.txt requirements-dev.txt | $(BIN)/python
	@echo "Installing everything, once …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt -r requirements-dev.txt
	@touch $@ $(VENV)/run.stamp

run: $(VENV)/run.stamp
	@$(BIN)/python dataprep.py demo
	@echo "Chamada: http://127.0.0.1:$(PORT)"
	@$(BIN)/python -m streamlit run dashboard.py --server.port $(PORT)

test: $(VENV)/test.stamp
	@$(BIN)/python -m pytest

check: lint types contracts test

lint: $(VENV)/test.stamp
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

format: $(VENV)/test.stamp
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

types: $(VENV)/test.stamp
	@$(BIN)/mypy

contracts: $(VENV)/test.stamp
	@$(BIN)/lint-imports --no-cache

MESSAGES := -k N_ -k say $(foreach kind,ChamadaError SettingsError ImportFailed UnknownFormat DamagedInput StoreError \
	LibraryLocked LibraryUnwritable LibraryDamaged NotFound BriefError UnsafeBrief QueueFull EngineError OutOfMemory \
	PromptTooLong Canceled,-k $(kind))

messages: $(VENV)/test.stamp
	@mkdir -p build
	@$(BIN)/pybabel -q extract $(MESSAGES) --no-location --no-wrap --sort-output -o build/messages.pot dashboard.py dataprep.py pages core
	@$(BIN)/pybabel -q update --no-wrap --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -l pt_BR -i build/messages.pot -o data/locales/pt-BR.po
	@grep -c '^msgstr ""$$' data/locales/pt-BR.po | xargs -I N echo "data/locales/pt-BR.po: N lines with an empty msgstr (one is the header)."

bench: $(VENV)/test.stamp
	@$(BIN)/python -m bench.dataprep
	@$(BIN)/python -m bench.gallery
	@$(BIN)/python -m bench.jobs
	@$(BIN)/python -m bench.models

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache build
