"""Arrays that watch what is computed with them."""

import numpy as np


class Watched(np.ndarray):
    """An array whose ufuncs note the precision of every array that comes out of them."""

    seen: set = set()  # of (name of the function, dtype), since `watch`

    def __array_ufunc__(self, ufunc, method, *inputs, out=None, **options):
        plain = [x.view(np.ndarray) if isinstance(x, Watched) else x for x in inputs]
        if out is not None:
            options["out"] = tuple(x.view(np.ndarray) if isinstance(x, Watched) else x for x in out)
        result = getattr(ufunc, method)(*plain, **options)
        if isinstance(result, np.ndarray) and result.ndim and result.dtype.kind == "f":
            if out is None:
                self.seen.add((ufunc.__name__, str(result.dtype)))
            # computing in place hides the precision of the loop, which the inputs decide
            self.seen.add((ufunc.__name__, str(np.result_type(*plain))))
        if out is not None:
            return out[0]
        return result.view(Watched) if isinstance(result, np.ndarray) and result.ndim else result


def watch(array):
    """Return the array as one that is watched, with nothing seen yet."""
    Watched.seen.clear()
    return array.view(Watched)


def precisions():
    """Return the dtypes of all floats that were computed with watched arrays."""
    return {dtype for _, dtype in Watched.seen if dtype.startswith("float")}
