"""Where studies are done and kept, as a user says it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pathsim.errors import InputError, Problem, wrong_type

from .plan import count_workers
from .store import Store
from .where import at, where

if TYPE_CHECKING:
    from .executors import Elsewhere


@contextmanager
def using(
    *, executor: Any = None, store: str | Path | Store | None = None, workers: int | None = None
) -> Iterator[None]:
    """Do the simulations of all verbs called meanwhile on an executor, and keep them in a store.

    Parameters
    ----------
    executor
        A `concurrent.futures.Executor`, such as dask's `Client.get_executor()` or mpi4py's
        `MPIPoolExecutor`; `"processes"`: processes of this machine; left out, as outside: threads.
        Wherever it is done, the results have the same bits.
    store
        A folder, in which every chunk of replications is kept as a Parquet file, so that nothing
        is simulated twice; needs the extra `parquet`. Left out, as outside.
    workers
        Of `"processes"`: how many, left out one a processor. Of another executor: how many chunks
        are under way at a time, left out twice as many as this machine has processors.

    Returns
    -------
    contextlib.AbstractContextManager
        For a `with` block.

    Raises
    ------
    InputError
        For what is no executor, or no folder that can be used.

    Examples
    --------
    >>> from concurrent.futures import ThreadPoolExecutor
    >>> import pathsim as ps
    >>> with ThreadPoolExecutor(2) as pool, ps.using(executor=pool):
    ...     found = ps.run(ps.example(), draws=0, replications=4)
    >>> found.provenance["replications"]
    4
    """
    here = where()
    if store is not None:
        here = replace(here, store=_store(store))
    elsewhere = None if executor is None else _executor(executor, workers)
    if elsewhere is not None:
        here = replace(here, executor=elsewhere)
    try:
        with at(here):
            yield
    finally:
        if elsewhere is not None:
            elsewhere.close()


def _store(store: Any) -> Store:
    if isinstance(store, Store):
        return store
    if not isinstance(store, str | os.PathLike):
        raise wrong_type("store", store, "the path of a folder")
    return Store(store)


def _executor(executor: Any, workers: int | None) -> Elsewhere:
    from .executors import Elsewhere, given, processes

    if isinstance(executor, Elsewhere):
        return executor
    if isinstance(executor, str):
        if executor != "processes":
            allowed = "a concurrent.futures.Executor, or 'processes'"
            problem = Problem("is no executor", key="executor", found=executor, allowed=allowed)
            raise InputError(problem)
        return processes(count_workers(workers))
    return given(executor, at_once=None if workers is None else count_workers(workers))
