# The commands a user and an engineer need; each sets up what it stands on.
.PHONY: run test setup setup-dev lint bench clean

VENV := .venv
BIN := $(VENV)/bin

run: setup
	@$(BIN)/workbench

test: setup-dev lint
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m pytest -n 2 --dist loadfile -q

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

setup: $(VENV)/.ready
setup-dev: $(VENV)/.ready-dev

$(VENV)/.ready: pyproject.toml constraints.txt scripts/setup.sh scripts/qt-libraries.sh
	@sh scripts/setup.sh .
	@touch $@

$(VENV)/.ready-dev: $(VENV)/.ready
	@sh scripts/setup.sh '.[dev]'
	@touch $@

bench: setup-dev
	$(BIN)/python tests/benchmarks/all.py

clean:
	rm -rf $(VENV) build dist *.egg-info
