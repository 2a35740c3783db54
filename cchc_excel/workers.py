"""One stage over many items: in this process, on all its cores, or on a Dask cluster; the same line for each.

In:     a function and items, both able to cross a process; how many workers, or a cluster's address.
Out:    the results, in the order of the items, as they come.
Never:  more than a few batches in flight, so that memory does not grow with the number of items;
        all results lost because one item kills its worker;
        a wait for a worker that is gone. The pool of the standard library has one pipe for the results of all workers,
        and a lock on it: a worker that is killed while it writes leaves both as they are, and its user waits for ever.
"""

from __future__ import annotations

import gc
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from functools import lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from cchc_excel.errors import ClusterUnavailable

if TYPE_CHECKING:  # a run over one file loads nothing of processes
    from concurrent.futures import Future
    from multiprocessing.connection import Connection
    from queue import SimpleQueue

FIRST_BATCH, BATCH = 4, 32  # items a task, at first and at most: handing one over costs a fifth of a millisecond
AHEAD = 3  # batches in flight for each worker
LOOK_UP = 0.3  # seconds, while a batch is waited for
T = TypeVar("T")
R = TypeVar("R")


class Where(NamedTuple):
    """Where work is done: in `jobs` processes (None: one a core; 1: this one), or on the Dask cluster at an address."""

    jobs: int | None = None
    cluster: str | None = None


HERE = Where(jobs=1)


class _WorkerDied(Exception):
    """The worker that had this batch is gone."""


class _Workers(Protocol):
    """Who does a batch: the processes of a pool, or a cluster."""

    died: tuple[type[Exception], ...]  # what a future raises whose worker died

    def submit(self, batch: tuple[Any, ...]) -> Future[list[Any]]: ...
    def stop(self) -> None:
        """Have nothing go on; what is asked for afterwards, and what was not done, raises `died`."""

    def close(self) -> None:
        """End the workers, which have nothing left to do or are stopped."""


def mapped(work: Callable[[T], R], items: Iterable[T], where: Where, lost: Callable[[T], R]) -> Iterator[R]:
    """Yield `work(item)` for each item, in order. An item whose worker dies twice becomes `lost(item)`.

    Raises ClusterUnavailable if the cluster cannot be reached. Close the iterator to stop early.
    """
    if where.cluster is None and (where.jobs or cores()) <= 1:
        yield from map(work, items)
        return
    with closing(_Mapping(work, where, lost)) as mapping:
        try:
            yield from mapping.results(items)
        except BaseException:  # Ctrl-C, or nobody wants any more results
            mapping.workers.stop()  # what the workers are busy with is not waited for
            raise


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Mapping:
    """The state of one `mapped` call: its workers, all made anew when one dies."""

    def __init__(self, work: Callable[[Any], Any], where: Where, lost: Callable[[Any], Any]) -> None:
        self.work, self.where, self.lost = work, where, lost
        self.count = where.jobs or cores()
        self.workers = self._made()

    def _made(self) -> _Workers:
        return _Cluster(self.where.cluster, self.work) if self.where.cluster else _Pool(self.count, self.work)

    def close(self) -> None:
        self.workers.close()

    def results(self, items: Iterable[Any]) -> Iterator[Any]:
        waiting: deque[tuple[tuple[Any, ...], Future[list[Any]]]] = deque()
        batches = _batches(iter(items), self.count)
        while True:
            for batch in batches:
                waiting.append((batch, self.workers.submit(batch)))
                if len(waiting) >= AHEAD * self.count:
                    break
            if not waiting:
                return
            batch, future = waiting.popleft()
            try:
                done = _awaited(future)
            except self.workers.died:
                # Any batch in flight may hold the item that killed the worker: go through them one by one.
                doubtful = chain(batch, *(other for other, _ in waiting))
                waiting.clear()
                yield from map(self._alone, list(doubtful))
                continue
            yield from done

    def _alone(self, item: Any) -> Any:
        """One item with nothing else in flight, so that nothing else is lost with it."""
        for _ in range(2):
            try:
                return _awaited(self.workers.submit((item,)))[0]
            except self.workers.died:
                self.workers.stop()
                self.workers.close()
                self.workers = self._made()
        return self.lost(item)


def _awaited(future: Future[R]) -> R:
    """Wait for a batch and look up now and then.

    Ctrl-C ends no wait that begins just after it, none at all on Windows, and none if another thread gets the signal.
    """
    from concurrent.futures import wait

    while not future.done():
        wait([future], timeout=LOOK_UP)
    return future.result()


def _batches(source: Iterator[Any], workers: int) -> Iterator[tuple[Any, ...]]:
    """Small batches first, so that few items are shared among all workers too; then larger ones."""
    size, count = FIRST_BATCH, 0
    while batch := tuple(islice(source, size)):
        yield batch
        count += 1
        if count % (2 * workers) == 0:
            size = min(2 * size, BATCH)


# --- in processes of this machine


class _Pool:
    """Processes that each have a pipe of their own, and a thread here that hands over its batches one after the other.

    No lock or pipe is shared, so a worker may be killed at any moment: its pipe ends, and its thread says that it died.
    """

    died: tuple[type[Exception], ...] = (_WorkerDied,)

    def __init__(self, workers: int, work: Callable[[Any], Any]) -> None:
        import multiprocessing
        import threading
        from queue import SimpleQueue

        self._tasks: SimpleQueue[tuple[tuple[Any, ...], Future[list[Any]]] | None] = SimpleQueue()
        self._processes, pipes = [], []
        for _ in range(workers):  # all before the first thread: a process is forked from one that has none
            pipe, theirs = multiprocessing.Pipe()
            process = multiprocessing.Process(target=_serve, args=(theirs, work), daemon=True)
            process.start()
            theirs.close()  # so that the pipe ends when the worker does
            self._processes.append(process)
            pipes.append(pipe)
        self._threads = [threading.Thread(target=_hand_over, args=(self._tasks, pipe), daemon=True) for pipe in pipes]
        for thread in self._threads:
            thread.start()

    def submit(self, batch: tuple[Any, ...]) -> Future[list[Any]]:
        from concurrent.futures import Future

        future: Future[list[Any]] = Future()
        self._tasks.put((batch, future))
        return future

    def stop(self) -> None:
        for process in self._processes:
            process.kill()

    def close(self) -> None:
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            thread.join()
        for process in self._processes:
            process.join()


def _hand_over(
    tasks: SimpleQueue[tuple[tuple[Any, ...], Future[list[Any]]] | None], pipe: Connection[Any, Any]
) -> None:
    """In a thread: give each batch to the worker at the other end, and take its results, until there are no more."""
    for batch, future in iter(tasks.get, None):
        try:
            pipe.send(batch)
            results, error = pipe.recv()
        except (EOFError, OSError):
            results, error = None, _WorkerDied()
        except Exception as cannot_cross:  # noqa: BLE001 - what is handed over, or comes back, is whatever the caller has
            results, error = None, cannot_cross
        if error is None:
            future.set_result(results)
        else:
            future.set_exception(error)
    with suppress(OSError):  # it is gone already
        pipe.send(None)
    pipe.close()


def _serve(pipe: Connection[Any, Any], work: Callable[[Any], Any]) -> None:
    """In a worker: do one batch after the other, until the main process sends none. Ctrl-C is left to that process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _end_with_parent()
    # what is loaded stays; results are trees that go when they are handed over, so that looking for rings costs and
    # finds nothing
    gc.freeze()
    gc.set_threshold(50_000)
    while (batch := pipe.recv()) is not None:
        try:
            outcome = _each(work, batch), None
        except Exception as error:  # noqa: BLE001 - the edge of the process: it is raised in the main one
            import traceback

            error.add_note(traceback.format_exc())
            pipe.send((None, error))
        else:
            pipe.send(outcome)


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


def _each(work: Callable[[Any], Any], batch: tuple[Any, ...]) -> list[Any]:
    return [work(item) for item in batch]


# --- on a cluster


class _Cluster:
    """The workers of the Dask cluster at an address, which are others' as well."""

    def __init__(self, address: str, work: Callable[[Any], Any]) -> None:
        import pickle

        try:
            from distributed import Client, KilledWorker
        except ImportError as error:
            raise ClusterUnavailable(address, "pip install 'cchc-excel[cluster]'") from error
        try:
            self._client = Client(address, timeout="10s", set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise ClusterUnavailable(address, str(error)) from error
        self._executor = self._client.get_executor(pure=False)
        self._work = pickle.dumps(work)
        self.died: tuple[type[Exception], ...] = (KilledWorker,)

    def submit(self, batch: tuple[Any, ...]) -> Future[list[Any]]:
        future: Future[list[Any]] = self._executor.submit(_each_of_cluster, self._work, batch)
        return future

    def stop(self) -> None:
        """Nothing: what is begun ends by itself; closing forgets what is not begun."""

    def close(self) -> None:
        self._client.close()


@lru_cache(maxsize=4)  # works: to unpickle a form takes 6 ms, and what it keeps of itself would be made for each batch
def _unpickled(work: bytes) -> Callable[[Any], Any]:
    """In a worker of a cluster: the work made once, so that what it keeps by its form is not made again each time."""
    import pickle

    return pickle.loads(work)  # type: ignore[no-any-return]  # noqa: S301 - from our own scheduler


def _each_of_cluster(work: bytes, batch: tuple[Any, ...]) -> list[Any]:
    return _each(_unpickled(work), batch)
