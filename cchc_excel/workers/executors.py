"""One stage over many items: in this process, on all its cores, or on a Dask cluster; the same line for each.

In:     a function and items, both able to cross a process; how many workers, or a cluster's address.
Out:    the results, in the order of the items, as they come.
Never:  more than a few batches in flight, so that memory does not grow with the number of items;
        all results lost because one item kills its worker.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from typing import NamedTuple, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class Where(NamedTuple):
    """Where work is done: in `jobs` processes (None: one a core; 1: this one), or on the Dask cluster at an address."""

    jobs: int | None = None
    cluster: str | None = None


HERE = Where(jobs=1)


def mapped(work: Callable[[T], R], items: Iterable[T], where: Where, lost: Callable[[T], R]) -> Iterator[R]:
    """Yield `work(item)` for each item, in order. An item whose worker dies twice becomes `lost(item)`.

    Raises ClusterUnavailable if the cluster cannot be reached. Close the iterator to stop early.
    """
    if where.cluster is None and where.jobs == 1:
        yield from map(work, items)
        return
    from cchc_excel.workers.pools import Mapping, cores

    if where.cluster is None and (where.jobs or cores()) <= 1:
        yield from map(work, items)
        return
    with closing(Mapping(work, where.jobs, where.cluster, lost)) as mapping:
        yield from mapping.results(items)
