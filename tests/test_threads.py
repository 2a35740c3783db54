"""Workbooks that are read at the same time by the threads of one process are read as each of them is alone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from places import ROOT
from template_workbooks import Template, is_of

from cchc_excel.form import Form
from cchc_excel.grid import Source
from cchc_excel.pipeline import Examination, examine

THREADS, WORKBOOKS = 4, 600  # with more different rows than are kept


@pytest.fixture
def threads_that_take_turns_often() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-4)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("threads_that_take_turns_often")
def test_four_threads_read_each_of_six_hundred_workbooks_of_one_template_as_it_is_read_alone(form: Form) -> None:
    def examined(workbook: Source) -> Examination:
        return examine(workbook, form)

    template = Template()
    workbooks = [template.workbook(number) for number in range(WORKBOOKS)]
    with ThreadPoolExecutor(THREADS) as pool:
        together = list(pool.map(examined, workbooks))
    assert [number for number, it in enumerate(together) if not is_of(number, it)] == []
    assert together == list(map(examined, workbooks))


CLUSTER = f"""
import sys
import distributed
from cchc_excel.workers import Where
from cchc_excel.form import load_form
from cchc_excel.pipeline import examine_all
from template_workbooks import Template, is_of

if __name__ == "__main__":
    template = Template()
    workbooks = map(template.workbook, range({WORKBOOKS}))
    with distributed.LocalCluster(n_workers=1, threads_per_worker={THREADS}, dashboard_address=None) as cluster:
        with distributed.Client(cluster) as client:
            client.run(sys.setswitchinterval, 1e-4)
        where = Where(cluster=cluster.scheduler_address)
        examinations = list(examine_all(workbooks, load_form(), where=where))
    print(len(examinations), [number for number, it in enumerate(examinations) if not is_of(number, it)])
"""


def test_a_dask_worker_with_four_threads_reads_each_workbook_as_it_is(tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="pip install 'cchc-excel[cluster]'")
    script = tmp_path / "cluster.py"  # a process of its own: a cluster's workers import the script that started it
    script.write_text(CLUSTER)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests" / "makers")))}
    command = [sys.executable, str(script)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment, check=False)
    assert done.stdout.split("\n")[0] == f"{WORKBOOKS} []", done.stderr
