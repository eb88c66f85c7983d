# The front door. `make run` serves the demo city, `make test` proves that all works.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
UV := .tools/bin/uv
PORT ?= 8000
# Processes that share the tests; each has a database of its own in one server.
TESTERS ?= 2

.PHONY: setup run test check bench docs lock format clean

setup: $(VENV)/.ready  ## make the environment and nothing else

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "需要 Python 3.11 或更新版本。 Tongdian needs Python 3.11 or newer; set PYTHON=/path/to/it."; exit 1; }
	@$(PYTHON) -m venv .tools 2>/dev/null || { \
	  rm -rf .tools; \
	  echo "本机 Python 缺少 venv，正在安装。 This Python lacks venv: installing Debian's python3-venv."; \
	  (apt-get update -qq && apt-get install -y -qq python3-venv) >/dev/null 2>&1; \
	  $(PYTHON) -m venv .tools || { echo "请安装 python3-venv 后重试。 Install python3-venv and try again."; exit 1; }; }
	@.tools/bin/pip install -q --disable-pip-version-check uv

$(VENV)/.ready: requirements-test.txt pyproject.toml $(UV) $(wildcard src/tongdian/service/*/locale/en/LC_MESSAGES/*.po)
	@test -x $(PY) || $(UV) venv -q --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" --no-python-downloads $(VENV)
	@$(UV) pip install -q --python $(PY) --require-hashes -r requirements-test.txt
	@$(UV) pip install -q --python $(PY) --no-deps --no-build-isolation -e .
	@$(PY) -m tongdian.service.messages
	@touch $@

run: setup  ## serve the demo city on http://127.0.0.1:8000
	@$(VENV)/bin/tongdian serve --demo --port $(PORT)

test: setup browser  ## run every test
	$(PY) -m pytest tests -n $(TESTERS)

.PHONY: browser
browser:
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || { \
	  echo "没有找到 chromium，正在安装。 No chromium found: installing Debian's."; \
	  (apt-get update -qq && apt-get install -y -qq chromium) >/dev/null 2>&1 || \
	  { echo "装不了 chromium：请用 root 运行，或先执行 apt-get install chromium。 Could not install chromium: run as root, or install it first."; exit 1; }; }

check: setup  ## format, lint, types, import floors, the plan
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(VENV)/bin/tongdian plan check

bench: setup  ## ratios against peers and bounds, each in one run
	@$(UV) pip install -q --python $(PY) --require-hashes -r requirements-bench.txt
	$(PY) -m benchmarks

docs: setup  ## the generated parts of docs/
	$(PY) -m tongdian.law.clause_table > docs/clauses.md
	$(PY) -m tongdian.grid.describe > docs/network-tables.md
	$(PY) -m tongdian.service.casework.process_docs docs

lock: $(UV)  ## resolve the requirements anew
	$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml -o requirements.txt
	$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --group test pyproject.toml -o requirements-test.txt
	$(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --group test --group bench pyproject.toml -o requirements-bench.txt

format: setup
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

clean:  ## forget the environment and the demo city
	rm -rf $(VENV) .tools .data
