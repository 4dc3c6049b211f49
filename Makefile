# Two commands do everything, set-up included: make conformance, make test.
# `make help` lists the rest.

VENV   ?= .venv
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

# Without byte code every start of pytest costs more than a second.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: conformance test record samples docs check lock protobuf clean help

conformance: $(STAMP)  ## run the conformance suite against the embedded emulator
	$(BIN)/roamspec run $(ARGS)

test: $(STAMP)  ## run roamspec's own tests
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(ARGS)

record: $(STAMP)  ## record the embedded emulator again, into cassettes/emulator
	$(BIN)/roamspec record $(ARGS)

samples: $(STAMP)  ## make the samples of every report format, and the README's picture, again
	$(BIN)/python tools/make_samples.py

docs: $(STAMP)  ## build the documentation site into site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict

check: $(STAMP)  ## lint and type-check; with Node, lint the contracts too
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	tools/lint-contracts/run.sh

lock:  ## renew requirements.lock (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-header --no-annotate --extra dev --upgrade pyproject.toml -o requirements.lock

# The oldest compiler whose modules every supported release of the protobuf library reads.
protobuf: $(STAMP)  ## generate the modules of src/roamspec/wire/*.proto again
	$(PYTHON) -m venv $(VENV)/protoc
	$(VENV)/protoc/bin/python -m pip install --quiet --disable-pip-version-check grpcio-tools==1.76.0
	cd src && ../$(VENV)/protoc/bin/python -m grpc_tools.protoc -I . --python_out=. --pyi_out=. roamspec/wire/*.proto

clean:  ## remove the environment and what runs wrote
	rm -rf $(VENV) reports/latest site .pytest_cache .mypy_cache .ruff_cache

help:
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@
