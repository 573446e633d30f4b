"""The shared samples: every finding at its cell, every row, verdict and count, judged by their own judge."""

from __future__ import annotations

import importlib.util
import json
import re
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from contracts.codes.areas import AreaTable
from contracts.ids import Period
from producers.reading import Reading, read_file, records

SAMPLES = Path(__file__).resolve().parents[4].parent / "shared" / "samples"
TRUTHS = sorted(SAMPLES.glob("*.truth.json"))


@cache
def judge() -> ModuleType:
    spec = importlib.util.spec_from_file_location("samples_judge", SAMPLES / "judge.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def areas() -> AreaTable:
    found = read_file(next(SAMPLES.glob("行政区划代码表_*.csv"))).areas
    assert found is not None
    return found


def reading_of(path: Path, listing: str | None, period: str | None) -> Reading:
    return read_file(path, as_list=listing, period=Period.parse(period) if period else None, areas=areas())


def answer(*args: str) -> tuple[int, dict[str, object], str]:
    """What the command `check` prints, for the judge."""
    options = dict(zip(args[2::2], args[3::2], strict=True))
    reading = reading_of(Path(args[1]), options["--as"], options["--period"])
    records.write(reading, Path(options["--records"]))
    findings = [
        {
            "sheet": f.sheet,
            "cell": f.cell,
            "code": f.code,
            "severity": f.severity,
            **({} if f.value_after is None else {"value_after": f.value_after}),
        }
        for f in reading.findings
    ]
    document: dict[str, object] = {
        "verdict": reading.verdict,
        "nil": reading.nil,
        "rows": reading.rows,
        "accepted": reading.accepted,
        "rejected": reading.rejected,
        "findings": findings,
    }
    return int(reading.rejected > 0 or reading.verdict == "REJECT_FILE"), document, ""


def test_the_samples_are_here() -> None:
    if not TRUTHS:
        pytest.skip("needs ../shared (samples), which is not here")
    assert len(TRUTHS) >= 28


@pytest.mark.parametrize("truth_path", TRUTHS, ids=lambda p: p.name.removesuffix(".truth.json"))
def test_a_sample_is_read_as_its_truth_says(truth_path: Path, tmp_path: Path) -> None:
    truth = json.loads(truth_path.read_text("utf-8"))
    outcome = judge().judge_file(answer, SAMPLES / truth["file"], truth, tmp_path)
    assert outcome["notes"] == []
    assert outcome["result"]["hit"] == outcome["result"]["required"]
    assert outcome["result"]["rows_right"] == outcome["result"]["rows"]


@pytest.mark.parametrize("truth_path", TRUTHS, ids=lambda p: p.name.removesuffix(".truth.json"))
def test_a_sample_is_recognised_without_being_told(truth_path: Path) -> None:
    truth = json.loads(truth_path.read_text("utf-8"))
    if truth["verdict"] == "REJECT_FILE":
        return
    reading = reading_of(SAMPLES / truth["file"], None, None)
    assert truth["feed"] in reading.lists
    assert (reading.accepted, reading.rejected) == (truth["accepted_count"], truth["rejected_count"])
    assert reading.period in (None, Period.parse(truth["period"]))


@pytest.mark.parametrize("truth_path", TRUTHS, ids=lambda p: p.name.removesuffix(".truth.json"))
def test_findings_hold_no_personal_value(truth_path: Path) -> None:
    truth = json.loads(truth_path.read_text("utf-8"))
    reading = reading_of(SAMPLES / truth["file"], truth["feed"], truth["period"])
    said = "\n".join(
        f"{f.message('zh')} {f.fix('zh')} {f.message('en')} {f.fix('en')} {dict(f.facts)} {f.value_after}" for f in reading.findings
    )
    assert not re.search(r"[0-9]{11,}", said)
    for frame in (f for t in reading.tables for f in (t.accepted, t.rejected)):
        for column in set(frame.columns) & {"name", "head_name", "carer_name", "payee_name", "address"}:
            assert not [v for v in frame[column].drop_nulls().unique().to_list() if len(v) > 1 and v in said]


def test_a_rejected_row_keeps_what_could_be_read() -> None:
    if not TRUTHS:
        pytest.skip("needs ../shared (samples), which is not here")
    reading = reading_of(next(SAMPLES.glob("*农村低保人员查询_202303.xlsx")), None, "2023-03")
    rejected = reading.tables[0].rejected
    assert rejected.columns[-2:] == ["_codes", "_raw"]
    assert rejected["name"].null_count() <= 1
    duplicates = rejected.filter(rejected["_codes"].list.contains("E-ID-DUP"))
    assert duplicates["id_number"].null_count() == 0
    broken = rejected.filter(rejected["_codes"].list.contains("E-ID-CHK"))
    assert broken["id_number"].null_count() == broken.height
    assert broken["head_id"].null_count() < broken.height
    assert all(isinstance(json.loads(r), list) for r in rejected["_raw"].to_list())
