"""`gateway demo --carrier kafka`: the same two months, and the same summary, over brokers."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.kafka.brokers import Brokers


def demo(folder: Path, *words: str) -> tuple[int, Any]:
    command = [sys.executable, "-m", "gateway", "--json", "demo", "--home-dir", str(folder), "--persons", "300", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    return done.returncode, json.loads(done.stdout.splitlines()[-1])


def test_the_same_summary_as_over_a_folder(kafka: Brokers, tmp_path: Path) -> None:
    code, over_brokers = demo(tmp_path / "brokers", "--carrier", "kafka", "--bootstrap", kafka.bootstrap)
    assert code == 0, over_brokers
    _, over_a_folder = demo(tmp_path / "folder")
    for summary in (over_brokers, over_a_folder):
        del summary["seconds"]
    assert over_brokers == over_a_folder


def test_a_cluster_for_a_folder_is_refused(tmp_path: Path) -> None:
    code, said = demo(tmp_path / "none", "--bootstrap", "127.0.0.1:9092")
    assert (code, said["error"]["code"]) == (2, "E-USAGE")
    assert not (tmp_path / "none").exists()
