"""Reading a redressed folder in this process and comparing it with its truth, by the samples' own `judge.py`."""

from __future__ import annotations

import importlib.util
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

from contracts.codes.areas import AreaTable
from contracts.findings import Finding
from contracts.ids import Period
from producers.reading import Reading, read_file, records
from tests.redress.truths import Truth, load_truth

Answer = tuple[int, dict[str, object], str]
JudgeFile = Callable[[Callable[..., Answer], Path, Truth, Path], dict[str, object]]


@dataclass(slots=True)
class Judged:
    """What the judge says of one file."""

    file: str
    counts: Mapping[str, int]
    notes: list[str]

    @property
    def holds(self) -> bool:
        """Every required finding, every row, nothing besides."""
        c = Counter(self.counts)
        whole = c["hit"] == c["required"] and c["rows_right"] == c["rows"] and not c["extra"]
        return bool(c["lawful_refusal"]) or (whole and not (c["rows_wrongly_accepted"] or c["verdict_wrong"] or c["value_wrong"]))


class Reader:
    """Stands where `judge.py` has a gateway: `check FILE --as LIST --period P --records OUT`."""

    def __init__(self, areas: AreaTable | None) -> None:
        self.areas = areas
        self.last: Reading | None = None

    def __call__(self, *args: str) -> Answer:
        _, file, _, feed, _, period, _, out = args
        reading = read_file(Path(file), as_list=feed, period=Period.parse(period), areas=self.areas)
        self.last = reading
        records.write(reading, Path(out))
        document: dict[str, object] = {
            "verdict": reading.verdict,
            "nil": reading.nil,
            "rows": reading.rows,
            "accepted": reading.accepted,
            "rejected": reading.rejected,
            "findings": [_finding(f) for f in reading.findings],
        }
        return int(bool(reading.rejected) or reading.verdict == "REJECT_FILE"), document, ""


def _finding(finding: Finding) -> dict[str, object]:
    known: dict[str, object] = {"sheet": finding.sheet, "cell": finding.cell, "code": finding.code, "severity": finding.severity}
    return known if finding.value_after is None else {**known, "value_after": finding.value_after}


@cache
def judge_of(samples: Path) -> JudgeFile:
    """`judge_file` of the samples' judge."""
    spec = importlib.util.spec_from_file_location("samples_judge", samples / "judge.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(samples / "judge.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return cast("JudgeFile", module.judge_file)


def areas_of(folder: Path) -> AreaTable | None:
    """The county's divisions, from the folder's own table."""
    table = next(folder.glob("行政区划代码表*.csv"), None)
    return None if table is None else read_file(table, as_list="AREA_TABLE", period=Period.parse("2023-03")).areas


def judge(path: Path, samples: Path, areas: AreaTable | None, work: Path) -> tuple[Judged, Reading | None]:
    """Read one file and compare it with the truth beside it."""
    reader = Reader(areas)
    said = judge_of(samples)(reader, path, load_truth(path), work)
    counts = cast("Counter[str]", said["result"])
    return Judged(path.name, counts, cast("list[str]", said["notes"])), reader.last


def columns_missed(reading: Reading, truth: Truth) -> list[tuple[str, str, str, str]]:
    """Columns that were taken for something else: (list, field, header, taken for); "-" where it is nothing."""
    missed: list[tuple[str, str, str, str]] = []
    for table in truth["tables"]:
        for part in table["parts"]:
            place = next((p for p in reading.places if p.list == table["feed"] and p.sheet == part["sheet"]), None)
            if place is None:
                missed.append((table["feed"], "(table)", part["sheet"], reading.verdict))
                continue
            taken = {column: name.partition("#")[0] for name, column in place.columns.items()}
            for number, described in zip((_index(c["col"]) for c in part["columns"]), part["columns"], strict=True):
                wanted, got = described["field"] or "-", taken.get(number, "-")
                if wanted != got:
                    header = " > ".join(t for t in (described.get("group"), described["header"]) if t)
                    missed.append((table["feed"], wanted, header, got))
    return missed


def _index(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
