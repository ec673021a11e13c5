# Every target sets up what it needs: `make demo` on a fresh machine is enough.
.PHONY: help demo test lab docs check grade-quality bench peers release lint lock clean
.DEFAULT_GOAL := help

# One BLAS thread: several on a busy machine are ten times slower on small matrices.
export OMP_NUM_THREADS = 1
export OPENBLAS_NUM_THREADS = 1
export MKL_NUM_THREADS = 1

PYTHON ?= python3
RUN := .venv/bin/

help:  ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

.venv/.ready: requirements.lock pyproject.toml tools/setup.sh
	@sh tools/setup.sh $(PYTHON)

demo: .venv/.ready  ## release a problem set, grade a class of made-up students, return marks and feedback
	@sh tools/bubblewrap.sh
	@$(RUN)python -m demo

test: .venv/.ready lint  ## the tests that every change must pass
	@sh tools/bubblewrap.sh
	@$(RUN)python -m pytest -n auto --dist loadfile -m "not slow and not browser"

lint: .venv/.ready
	@$(RUN)ruff check .
	@$(RUN)lint-imports

check: .venv/.ready lint grade-quality  ## everything, with the slow tests and a real browser
	@sh tools/bubblewrap.sh
	@sh tools/chromium.sh
	@sh tools/postgresql.sh
	@sh tools/hub.sh
	@$(RUN)python -m pytest

grade-quality: .venv/.ready  ## how well the problem sets are graded, as a table and in build/grade-quality.json
	@$(RUN)python -m solutions.quality --mutants --seeds 200 --json build/grade-quality.json

lab: .venv/.ready  ## open the lectures and the exercises in JupyterLab
	@$(RUN)jupyter lab notebooks

docs: .venv/.ready  ## build the site in build/site; it opens from a disk
	@$(RUN)python -m docs.site

bench: .venv/.ready  ## benchmarks, as ratios; BENCH="tape sweep" runs these two
	@$(RUN)python -m benchmarks $(BENCH)

# On Linux the usual index has PyTorch for NVIDIA's cards, gigabytes that nothing here needs; its CPU build has an index of
# its own, which pytorch.org names under "Get Started": make peers INDEX=<that address>
peers: .venv/.ready  ## install what bench compares with: PyTorch, JAX, scikit-learn, autograd, micrograd
	@$(RUN)python -m pip install --quiet --disable-pip-version-check --no-build-isolation \
	    $(INDEX:%=--extra-index-url %) -e '.[peers]'

release: .venv/.ready  ## rebuild notebooks/ from the sources of the lectures and of the exercises
	@$(RUN)python -m notebooks.build
	@$(RUN)course release --all --course how-to-train-your-neural-network

# Every extra but the peers, whose right build depends on the machine.
LOCKED := lab grade department hub docs dev

lock: .venv/.ready  ## renew requirements.lock after a change of pyproject.toml
	@$(RUN)uv pip compile --quiet --universal --python-version 3.11 $(LOCKED:%=--extra %) --generate-hashes \
	    --no-header --no-annotate --no-emit-index-url --no-emit-find-links pyproject.toml -o requirements.lock

clean:  ## remove the environment and everything built
	rm -rf .venv build dist *.egg-info
