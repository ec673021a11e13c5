# Every target sets up what it needs: `make demo` on a fresh machine is enough.
.PHONY: help demo test lab check bench release lint lock clean
.DEFAULT_GOAL := help

# One BLAS thread: several on a busy machine are ten times slower on small matrices.
export OMP_NUM_THREADS = 1
export OPENBLAS_NUM_THREADS = 1
export MKL_NUM_THREADS = 1

PYTHON ?= python3
RUN := .venv/bin/

help:  ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

.venv/.ready: requirements.lock pyproject.toml tools/setup.sh
	@sh tools/setup.sh $(PYTHON)

demo: .venv/.ready  ## release a problem set, grade a class of made-up students, return marks and feedback
	@$(RUN)python -m demo

test: .venv/.ready lint  ## the tests that every change must pass
	@$(RUN)python -m pytest -m "not slow and not browser"

lint: .venv/.ready
	@$(RUN)ruff check .
	@$(RUN)lint-imports

check: .venv/.ready lint  ## everything, with the slow tests and a real browser
	@sh tools/chromium.sh
	@$(RUN)python -m pytest

lab: .venv/.ready  ## open the exercises in JupyterLab
	@$(RUN)jupyter lab notebooks

bench: .venv/.ready  ## benchmarks, as ratios
	@$(RUN)python -m benchmarks

release: .venv/.ready  ## rebuild notebooks/exercises from solutions/
	@$(RUN)course release --all --course how-to-train-your-neural-network

lock: .venv/.ready  ## renew requirements.lock after a change of pyproject.toml
	@$(RUN)uv pip compile --quiet --universal --python-version 3.11 --all-extras --generate-hashes \
	    --no-header --no-annotate --no-emit-index-url --no-emit-find-links pyproject.toml -o requirements.lock

clean:  ## remove the environment and everything built
	rm -rf .venv build dist *.egg-info
