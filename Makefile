# Two commands for a fresh machine: `make demo` and `make test`. Needed: Python 3.11 to 3.13 and make.

# The first of these that runs and has a fitting version; override with `make PYTHON=/path/to/python test`.
PYTHON ?= $(shell for candidate in python3.13 python3.12 python3.11 python3; do \
	"$$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null \
	&& echo "$$candidate" && break; done)
VENV := .venv
BIN := $(VENV)/bin
# The checks start hundreds of Python processes: what was compiled is kept, whatever the surroundings say.
unexport PYTHONDONTWRITEBYTECODE
INSTALL := $(BIN)/python tools/install.py --constraint constraints.txt

.PHONY: demo check test lint format bench bench-crawl clean help

help:
	@echo "make demo          Demo-Website crawlen, indexieren und die Suche starten (Ctrl-C beendet)"
	@echo "make demo ONCE=1   dasselbe mit einer Probe-Anfrage, ohne weiterzulaufen"
	@echo "make check         beim Arbeiten: ruff, mypy, import-linter und die schnellen Tests, in anderthalb Minuten"
	@echo "make test          alle Prüfungen: dazu Browser, Datenbank, Crawls und Abstürze"
	@echo "make bench         Suchmaschinen nebeneinander messen; DATA=DATEI (JSON Lines, auch .gz), SIZES=1000,10000"
	@echo "make bench-crawl   einen Crawl von 10.000 Seiten auf 200 Hosts dieses Rechners messen"
	@echo "make format        Code formatieren"
	@echo "make clean         .venv und Zwischenstände löschen (der Korpus bleibt)"

demo: $(VENV)/.installed
	@$(BIN)/kb demo $(if $(ONCE),--once)

# A file of tests stays with one process, so that what it builds is built once; all processors are used.
PYTEST := $(BIN)/python -m pytest --numprocesses auto --dist loadscope

# What runs while one works: no browser, no database server, no crawl, nothing killed.
check: lint
	$(PYTEST) -m "not (browser or database or crawl or kill)"

test: lint
	$(PYTEST)

lint: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# DATA=FILE: JSON Lines with id, title, text; without, the demonstration corpus. SIZES=1000,10000, and more by
# OPTIONS=: see `python -m benchmarks --help`.
bench: $(VENV)/.installed-bench
	@$(BIN)/python -m benchmarks $(if $(DATA),--data "$(DATA)") $(if $(SIZES),--sizes "$(SIZES)") $(OPTIONS)

# 200 hosts with 50 pages each on loopback addresses (Linux); other numbers by OPTIONS='--hosts 20 --pages 100'.
bench-crawl: $(VENV)/.installed-bench
	@$(BIN)/python -m benchmarks.crawl $(OPTIONS)

format: $(VENV)/.installed-test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache var/cache var/demo build/bench

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 bis 3.13 wird gebraucht (unter Debian: apt install python3 python3-venv)."; exit 1; }
	@echo "Eine virtuelle Umgebung wird in $(VENV) angelegt …"
	@"$(PYTHON)" -m venv --upgrade-deps $(VENV) || { rm -rf $(VENV); \
		echo "Die virtuelle Umgebung ließ sich nicht anlegen; unter Debian fehlt meist: apt install python3-venv"; exit 1; }

# Stamps, so that a second run takes no time; a changed pyproject or constraint installs again.
$(VENV)/.installed: $(BIN)/python pyproject.toml constraints.txt
	@echo "Abhängigkeiten werden installiert …"
	@$(INSTALL) --editable .
	@touch $@

$(VENV)/.installed-test: $(BIN)/python pyproject.toml constraints.txt
	@echo "Abhängigkeiten und Prüfwerkzeuge werden installiert …"
	@$(INSTALL) --editable '.[test]'
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-bench: $(BIN)/python pyproject.toml constraints.txt
	@echo "Die Maschinen, mit denen verglichen wird, werden installiert …"
	@$(INSTALL) --editable '.[bench]'
	@touch $@ $(VENV)/.installed
