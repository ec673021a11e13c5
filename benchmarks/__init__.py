"""Ratios measured side by side in one process, one thread for every side: ``python -m benchmarks``."""

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")  # before NumPy is imported: several threads are slower on small arrays
