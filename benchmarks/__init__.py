"""Ratios measured side by side in one process, one thread for every side: ``python -m benchmarks``."""

import os

# Before NumPy is imported: several threads are slower on small arrays. JAX's products have a pool of their own.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
os.environ.setdefault("JAX_PLATFORMS", "cpu")
