# Two commands do everything, set-up included: make conformance, make test.
# `make help` lists the rest.

VENV   ?= .venv
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
TOOLS  := $(VENV)/release

# Without byte code every start of pytest costs more than a second.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: conformance test record samples docs bench check licences audit sbom dist platforms lock protobuf clean help

conformance: $(STAMP)  ## run the conformance suite against the embedded emulator
	$(BIN)/roamspec run $(ARGS)

test: $(STAMP)  ## run roamspec's own tests
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(ARGS)

record: $(STAMP)  ## record the embedded emulator again, into cassettes/emulator
	$(BIN)/roamspec record $(ARGS)

samples: $(STAMP)  ## make the samples of every report format, and the README's picture, again
	$(BIN)/python tools/make_samples.py

bench: $(STAMP)  ## run every benchmark, and print one table; ARGS=--small for a short run
	$(BIN)/python tools/bench.py $(ARGS)

docs: $(STAMP)  ## build the documentation site into site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict

check: $(STAMP)  ## lint and type-check; with Node, lint the contracts too
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	tools/lint-contracts/run.sh

platforms: $(STAMP)  ## type-check as Windows and macOS see the sources
	$(BIN)/mypy --platform win32 --cache-dir .mypy_cache/win32 src
	$(BIN)/mypy --platform darwin --cache-dir .mypy_cache/darwin src

dist: $(STAMP)  ## build the sdist and the wheel, into dist/
	$(BIN)/python -m hatchling build

licences: $(STAMP)  ## write the licences of all dependencies, into docs/licences.md
	$(BIN)/python -m tools.licences

audit: $(STAMP) $(TOOLS)/.installed  ## look for known vulnerabilities of all dependencies (needs a network)
	$(BIN)/python -m tools.release.audit --pip-audit $(TOOLS)/bin/pip-audit $(ARGS)

sbom: $(TOOLS)/.installed  ## write what the environment holds, into dist/roamspec.cdx.json (CycloneDX)
	@mkdir -p dist
	$(TOOLS)/bin/cyclonedx-py environment --pyproject pyproject.toml --mc-type application --output-reproducible \
	  --output-format JSON --output-file dist/roamspec.cdx.json $(or $(ARGS),$(BIN)/python)

COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-header --no-annotate --upgrade

lock:  ## renew the lock files of roamspec, of `roamspec load` and of tools/release (needs uv)
	$(COMPILE) --extra dev pyproject.toml -o requirements.lock
	$(COMPILE) --constraint requirements.lock --extra load pyproject.toml -o requirements-load.lock
	$(COMPILE) tools/release/requirements.in -o tools/release/requirements.lock

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

$(TOOLS)/.installed: tools/release/requirements.lock
	$(PYTHON) -m venv $(TOOLS)
	$(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@
