# huifang: `make run` starts the product, `make test` proves it; each does its own set-up first.
# ARGS goes through to the tool behind a target: make test ARGS="tests/dialogs -k back"

.DEFAULT_GOAL := setup
.PHONY: setup run test check proof bench transcripts draw lock clean
.SILENT:
MAKEFLAGS += --no-builtin-rules
# Without bytecode on the disk every process compiles all its libraries again, and a test run has dozens.
unexport PYTHONDONTWRITEBYTECODE

bin := .venv/bin
common := requirements/install requirements/build.txt requirements/tools.txt pyproject.toml

setup: .venv/.run

run: .venv/.run
	$(bin)/huifang run $(ARGS)

# Four at a time also on two cores: tests of whole processes wait more than they compute. Forked, they collect once for all.
# The house, which looks at files and not at the product, is for `make check`.
test: .venv/.test
	$(bin)/pytest --forks 4 --durations=10 --ignore=tests/house $(ARGS)

# What takes minutes, the cases that `make test` leaves (tests/support/examples.py), and all examples of the tests with
# invented input, of which it tries a tenth.
# Four at a time, since most of it waits for clocks, limits and processes, the longest first, one by one to whoever is free; then
# the few that count seconds and do little else than wait, beside each other and nothing else. Both parts run, also where the first one fails.
proof: .venv/.proof
	$(bin)/pytest -m "(proof or rest or hypothesis) and not alone" --hypothesis-profile=proof --forks 4 --durations=20 $(ARGS); \
	    failed=$$?; $(bin)/pytest -m "proof and alone" --forks 3 $(ARGS) && exit $$failed

check: .venv/.check
	echo "huifang: lint" && $(bin)/ruff check --quiet .
	echo "huifang: format" && $(bin)/ruff format --check --quiet .
	echo "huifang: types" && $(bin)/mypy --no-error-summary
	echo "huifang: floors" && $(bin)/lint-imports --no-logo
	echo "huifang: house" && $(bin)/pytest tests/house -q $(ARGS)
	echo "huifang: measures" && $(bin)/python -m tests.house.measures

bench: .venv/.test
	$(bin)/python -m bench $(ARGS)

# Rewrites the replies in tests/transcripts; read the diff before you keep it.
transcripts: .venv/.test
	REWRITE=1 $(bin)/pytest tests/transcripts -n 0 -q $(ARGS)

draw: .venv/.run
	$(bin)/huifang draw >.venv/machines.md
	mv .venv/machines.md docs/machines.md

# Exact versions and hashes for what requirements/*.in ask; newer ones with ARGS=--upgrade.
lock: .venv/.run
	for part in tools build run test check proof encoder; do \
	    echo "huifang: locking $$part" && \
	    uv=$$(uv --version >/dev/null 2>&1 && echo uv || echo .tools/bin/uv) && \
	    $$uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-emit-index-url \
	        --no-emit-find-links --custom-compile-command "make lock" $(ARGS) \
	        requirements/$$part.in -o requirements/$$part.txt || exit 1; \
	done

# Everything made here except var/, which holds answers.
clean:
	rm -rf .venv .tools build *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is newer than what it was made from, so a second call starts at once.
.venv/.run: $(common) requirements/run.txt
	requirements/install run
	touch $@

.venv/.test: .venv/.run requirements/test.txt
	requirements/install test
	touch $@

.venv/.check: .venv/.test requirements/check.txt
	requirements/install check
	touch $@

.venv/.proof: .venv/.test requirements/proof.txt
	requirements/install proof
	touch $@
