"""What the Jupyter kernels that notebooks run in are told as they start."""

__all__ = ["STAY"]

# `exit()` in a cell would end the kernel some time later, in the middle of another cell.
STAY = "--IPKernelApp.exec_lines=['get_ipython().ask_exit = lambda: None']"
