# Two commands matter: `make demo` and `make test`. Both need python3 (3.11 or newer), and set up the rest by themselves.

PYTHON ?= python3
RUN := .venv/bin/python
MAKEFLAGS += --no-print-directory

.PHONY: demo demo-reset test check venv languages faults bench bench-scale bench-pages
.DEFAULT_GOAL := demo

demo: .venv/product.installed
	@exec $(RUN) manage.py demo

demo-reset: .venv/product.installed
	@exec $(RUN) manage.py demo --reset

test: .venv/tests.installed
	@$(RUN) -m tests.machine --install
	@$(MAKE) check
	@$(RUN) -m tests.halves

venv: .venv/tests.installed

# Collects what a client reads, says what is not translated yet, and compiles it.
languages: .venv/tests.installed
	@$(RUN) -m tests.languages.collect

# What faults do to reminders, and whether each guard matters; writes docs/faults.md. A part again: FAULTS=all pytest tests/faults -k …
faults: .venv/tests.installed
	@$(RUN) -m tests.machine --install
	@FAULTS=all $(RUN) -m pytest tests/faults

# How fast reminders leave, beside what else a team could use; writes docs/reminder-speed.md.
bench: .venv/benchmarks.installed
	@exec $(RUN) -m tests.benchmarks.reminders.bench

bench-scale: .venv/tests.installed
	@exec $(RUN) -m tests.benchmarks.planning.scale

# What a therapist's pages cost among 100,000 clients; writes docs/page-speed.md.
bench-pages: .venv/tests.installed
	@exec $(RUN) -m tests.benchmarks.pages.bench

# --- set-up: again only when a requirements file changed --------------------------------------------------------------

.venv/product.installed: requirements.txt
	@$(call make_venv)
	@echo "Installing what the product needs …"
	@$(call install,requirements.txt)
	@touch $@

.venv/tests.installed: requirements.txt tests/requirements.txt
	@$(call make_venv)
	@echo "Installing what the product and its tests need …"
	@$(call install,tests/requirements.txt)
	@touch $@ .venv/product.installed

# Into a folder of their own, which only the compared processes see: nothing there changes what the product runs with.
.venv/benchmarks.installed: tests/benchmarks/requirements.txt .venv/tests.installed
	@echo "Installing what the reminder engine is compared with …"
	@rm -rf .venv/benchmarks
	@$(call install,tests/benchmarks/requirements.txt --no-deps --target .venv/benchmarks)
	@touch $@

define make_venv
command -v $(PYTHON) >/dev/null || { \
	echo "$(PYTHON) is not there: install Python 3.11 or newer, or name it (make PYTHON=python3.12)."; exit 1; }; \
$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	echo "Python 3.11 or newer is needed, this is $$($(PYTHON) -V 2>&1): install it, or name another (make PYTHON=python3.12)."; exit 1; }; \
$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
	echo "Python's venv module is missing: install it (Debian and Ubuntu: apt-get install python3-venv)."; exit 1; }; \
$(RUN) -c 'import pip' 2>/dev/null || { echo "Making .venv …"; $(PYTHON) -m venv --clear .venv; }
endef

define install
rm -f .venv/pip.log; \
$(RUN) -m pip install --disable-pip-version-check --log .venv/pip.log -r $(1) || { \
	echo; \
	if grep -qiE 'NewConnectionError|name resolution|ConnectTimeout|ProxyError|Connection (refused|reset|timed out)' .venv/pip.log; then \
		echo "The package index cannot be reached: check the network (or pip's proxy settings), then run make again."; \
	elif grep -qi 'No matching distribution' .venv/pip.log; then \
		echo "A package has no wheel for this system ($$(uname -sm), $$($(RUN) -V)): pip's last line names it."; \
	else \
		echo "Installing did not work: pip's last lines say why, all of them are in .venv/pip.log."; \
	fi; exit 1; }
endef

# --- checks: one line each when fine, everything it says when not -----------------------------------------------------

check: .venv/tests.installed
	@$(call step,ruff: code,ruff check .)
	@$(call step,ruff: format,ruff format --check .)
	@$(call step,mypy: types,mypy)
	@$(call step,import-linter: apps and floors,lint-imports)
	@$(call step,djlint: templates,djlint --lint clinic intake assessments treatments)
	@$(call step,django: checks,python manage.py check)
	@$(call step,django: migrations are complete,python manage.py makemigrations --check --dry-run)

define step
out=$$(.venv/bin/$(2) 2>&1) && echo "fine  $(1)" || { echo "$$out"; echo "NOT FINE  $(1)  (.venv/bin/$(2))"; exit 1; }
endef
