"""One stage over many items: in this process, on all its cores, or on a Dask cluster; the same line for each.

In:     a function and items, both able to cross a process; how many workers, or a cluster's address.
Out:    the results, in the order of the items, as they come.
Never:  more than a few batches in flight, so that memory does not grow with the number of items;
        all results lost because one item kills its worker.
"""

from __future__ import annotations

import gc
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from functools import lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from cchc_excel.errors import ClusterUnavailable

if TYPE_CHECKING:  # a run over one file loads no pool of processes
    from concurrent.futures import Executor, Future
    from multiprocessing.queues import SimpleQueue

FIRST_BATCH, BATCH = 4, 32  # items a task, at first and at most: handing one over costs a fifth of a millisecond
AHEAD = 3  # batches in flight for each worker
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
    if where.cluster is None and (where.jobs or cores()) <= 1:
        yield from map(work, items)
        return
    with closing(_Mapping(work, where.jobs, where.cluster, lost)) as mapping:
        try:
            yield from mapping.results(items)
        except BaseException:  # Ctrl-C, or nobody wants any more results
            mapping.stop()  # what the workers are busy with is not waited for
            raise


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Mapping:
    """The state of one `mapped` call: its executor, made anew when a worker dies."""

    def __init__(
        self, work: Callable[[Any], Any], jobs: int | None, cluster: str | None, lost: Callable[[Any], Any]
    ) -> None:
        import multiprocessing
        import pickle
        from concurrent.futures import BrokenExecutor

        self._started: SimpleQueue[int] = multiprocessing.SimpleQueue()  # the numbers of the workers that were started
        self.work, self.cluster, self.lost = work, cluster, lost
        self.pickled = pickle.dumps(work) if cluster else b""
        self.workers = jobs or cores()
        self._made = self._executor()
        self.executor: Executor = self._made.__enter__()
        self.broken: tuple[type[Exception], ...] = (BrokenExecutor, *(_killed() if cluster else ()))

    def _executor(self) -> Any:
        return _on_cluster(self.cluster) if self.cluster else _processes(self.workers, self.work, self._started)

    def stop(self) -> None:
        """End the workers of the pool at once; those of a cluster are others' as well."""
        import multiprocessing

        own = set()
        while not self._started.empty():
            own.add(self._started.get())
        for process in multiprocessing.active_children():
            if process.pid in own:
                process.terminate()

    def close(self) -> None:
        self._made.__exit__(None, None, None)

    def results(self, items: Iterable[Any]) -> Iterator[Any]:
        waiting: deque[tuple[tuple[Any, ...], Future[list[Any]]]] = deque()
        source = iter(items)
        batches = _batches(source, self.workers)
        while True:
            for batch in batches:
                waiting.append((batch, self._submit(batch)))
                if len(waiting) >= AHEAD * self.workers:
                    break
            if not waiting:
                return
            batch, future = waiting.popleft()
            try:
                done = future.result()
            except self.broken:
                # Any batch in flight may hold the item that killed the worker: go through them one by one.
                doubtful = chain(batch, *(other for other, _ in waiting))
                waiting.clear()
                yield from map(self._alone, list(doubtful))
                continue
            yield from done

    def _submit(self, batch: tuple[Any, ...]) -> Future[list[Any]]:
        from concurrent.futures import BrokenExecutor, Future

        if self.cluster:
            return self.executor.submit(_each_of_cluster, self.pickled, batch)
        try:
            return self.executor.submit(_each_of_pool, batch)
        except BrokenExecutor as error:
            failed: Future[list[Any]] = Future()
            failed.set_exception(error)
            return failed

    def _alone(self, item: Any) -> Any:
        """One item in a worker of its own, so that nothing else is lost with it."""
        for _ in range(2):
            try:
                return self._submit((item,)).result()[0]
            except self.broken:
                self.close()
                self._made = self._executor()
                self.executor = self._made.__enter__()
        return self.lost(item)


def _batches(source: Iterator[Any], workers: int) -> Iterator[tuple[Any, ...]]:
    """Small batches first, so that few items are shared among all workers too; then larger ones."""
    size, count = FIRST_BATCH, 0
    while batch := tuple(islice(source, size)):
        yield batch
        count += 1
        if count % (2 * workers) == 0:
            size = min(2 * size, BATCH)


_of_pool: Callable[[Any], Any] = id  # of a worker: its work, once it has started


def _start(work: Callable[[Any], Any], started: SimpleQueue[int]) -> None:
    """In a new worker: take over the work once, tell who it is, and leave Ctrl-C to the main process."""
    global _of_pool  # noqa: PLW0603 - what an initialiser of a process pool is for
    _of_pool = work
    started.put(os.getpid())
    # what is loaded stays; results are trees that go when they are handed over, so that looking for rings costs and
    # finds nothing
    _end_with_parent()
    gc.freeze()
    gc.set_threshold(50_000)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _end_with_parent() -> None:
    """Have this worker end when the main process is killed: nobody else would tell it, and it would wait for ever."""
    import multiprocessing
    import threading
    from multiprocessing.connection import wait

    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _each_of_pool(batch: tuple[Any, ...]) -> list[Any]:
    return _each(_of_pool, batch)


@lru_cache(maxsize=4)  # works: to unpickle a form takes 6 ms, and what it keeps of itself would be made for each batch
def _unpickled(work: bytes) -> Callable[[Any], Any]:
    """In a worker of a cluster: the work made once, so that what it keeps by its form is not made again each time."""
    import pickle

    return pickle.loads(work)  # type: ignore[no-any-return]  # noqa: S301 - from our own scheduler


def _each_of_cluster(work: bytes, batch: tuple[Any, ...]) -> list[Any]:
    return _each(_unpickled(work), batch)


def _each(work: Callable[[Any], Any], batch: tuple[Any, ...]) -> list[Any]:
    return [work(item) for item in batch]


@contextmanager
def _processes(workers: int, work: Callable[[Any], Any], started: SimpleQueue[int]) -> Iterator[Executor]:
    from concurrent.futures import ProcessPoolExecutor

    pool = ProcessPoolExecutor(workers, initializer=_start, initargs=(work, started))
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _killed() -> tuple[type[Exception], ...]:
    """What Dask raises when several workers died over one task."""
    from distributed import KilledWorker

    return (KilledWorker,)


@contextmanager
def _on_cluster(address: str | None) -> Iterator[Executor]:
    try:
        from distributed import Client
    except ImportError as error:
        raise ClusterUnavailable(str(address), "pip install 'cchc-excel[cluster]'") from error
    try:
        client = Client(address, timeout="10s", set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise ClusterUnavailable(str(address), str(error)) from error
    try:
        yield client.get_executor(pure=False)
    finally:
        client.close()
