"""One stage over many items: the same results in the same order, wherever it runs and whatever dies on the way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from cchc_excel.errors import ClusterUnavailable
from cchc_excel.workers import AHEAD, BATCH, HERE, Where, mapped

TWO = Where(jobs=2)


def square(number: int) -> int:
    return number * number


def lost(number: int) -> int:
    return -number


def dies_at(fatal: int, number: int) -> int:
    if number == fatal:
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


def dies_once(marker: Path, number: int) -> int:
    """Kill the worker the first time only, as a machine short of memory does."""
    if number == 5 and not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number * number


@pytest.mark.parametrize("where", [HERE, TWO])
def test_results_come_in_the_order_of_the_items(where: Where) -> None:
    assert list(mapped(square, range(50), where, lost)) == [number * number for number in range(50)]


@pytest.mark.parametrize("where", [HERE, TWO])
def test_of_nothing_comes_nothing(where: Where) -> None:
    assert list(mapped(square, [], where, lost)) == []


def test_only_a_few_batches_are_in_flight() -> None:
    taken = []

    def items() -> Iterator[int]:
        for number in range(10_000):
            taken.append(number)
            yield number

    results = mapped(square, items(), TWO, lost)
    next(results)
    assert len(taken) <= AHEAD * 2 * BATCH
    results.close()  # type: ignore[attr-defined]


def test_an_item_that_kills_its_worker_is_lost_alone() -> None:
    expected = [-13 if number == 13 else number * number for number in range(40)]
    assert list(mapped(partial(dies_at, 13), range(40), TWO, lost)) == expected


def test_an_item_whose_worker_died_by_chance_is_done_again(tmp_path: Path) -> None:
    expected = [number * number for number in range(20)]
    assert list(mapped(partial(dies_once, tmp_path / "died"), range(20), TWO, lost)) == expected


def large(_: int) -> bytes:
    return bytes(3_000_000)


@pytest.mark.timeout(60)
def test_a_run_that_is_stopped_while_its_workers_hand_over_large_results_ends() -> None:
    for _ in range(20):
        results = mapped(large, range(100), TWO, bytes)
        next(results)
        results.close()  # type: ignore[attr-defined]


def test_a_defect_of_the_work_itself_is_raised_as_it_is() -> None:
    with pytest.raises(ZeroDivisionError):
        list(mapped(partial(divmod, 1), [0], TWO, lost))


def test_a_cluster_that_does_not_answer_is_said() -> None:
    with pytest.raises(ClusterUnavailable):
        list(mapped(square, [1], Where(cluster="no such address"), lost))


CLUSTER = """
import operator, sys
import distributed
from cchc_excel.workers import Where, mapped

if __name__ == "__main__":
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        where = Where(cluster=cluster.scheduler_address)
        print(*mapped(operator.neg, range(30), where, operator.neg))
"""


def test_a_dask_cluster_gives_the_same_results_in_the_same_order(tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="pip install 'cchc-excel[cluster]'")
    script = tmp_path / "cluster.py"  # a process of its own: a cluster's workers import the script that started it
    script.write_text(CLUSTER)
    path = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=120, env=path, check=False)
    assert done.stdout.split() == [str(-number) for number in range(30)], done.stderr
