"""The home's lock among threads of one process; among processes tests/e2e/test_busy_homes.py holds it to its word."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from contracts.errors import ExchangeError
from gateway import lock


def test_one_after_the_other(tmp_path: Path) -> None:
    order: list[str] = []

    def work(name: str) -> None:
        with lock.held(tmp_path, name):
            order.append(f"{name} begins")
            time.sleep(0.02)
            order.append(f"{name} ends")

    workers = [threading.Thread(target=work, args=(name,)) for name in "abc"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [line.split()[1] for line in order] == ["begins", "ends"] * 3
    assert all(order[at].split()[0] == order[at + 1].split()[0] for at in range(0, 6, 2))


def test_who_waits_too_long_is_told_for_whom(tmp_path: Path) -> None:
    with lock.held(tmp_path, "publish"), pytest.raises(ExchangeError) as refusal, lock.held(tmp_path, "import", wait_seconds=0.1):
        pass
    assert refusal.value.code == "E-HOME-BUSY"
    assert str(refusal.value.facts["holder"]).startswith("publish (pid ")


def test_the_name_is_gone_with_the_holder(tmp_path: Path) -> None:
    with lock.held(tmp_path, "publish"):
        assert (tmp_path / "lock").read_text().startswith("publish")
    assert (tmp_path / "lock").read_text() == ""


def test_whatever_is_raised_frees_it(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), lock.held(tmp_path, "publish"):
        raise RuntimeError
    with lock.held(tmp_path, "import", wait_seconds=0):
        pass


def test_where_no_lock_can_be_made(tmp_path: Path) -> None:
    (tmp_path / "lock").mkdir()
    with pytest.raises(ExchangeError) as refusal, lock.held(tmp_path, "publish"):
        pass
    assert refusal.value.code == "E-DISK"
