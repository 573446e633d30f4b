"""The samples in other clothes are read as the samples are: some folders here, as many as one likes by `make test-redress SEEDS=n`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from contracts.codes.areas import AreaTable
from tests.redress.cells import Cell, letters, place_of, shown
from tests.redress.county import shifted
from tests.redress.dress import UNTOUCHED, Wardrobe, folder, one
from tests.redress.judging import areas_of, judge
from tests.redress.truths import load_truth
from tests.redress.wording import vocabularies

SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples"

SMALL = (
    "渐退户",
    "近一年退出",
    "附件1",
    "附件2",
    "附件4",
    "附件5",
    "花名册",
    "孤儿",
    "特困人员查询_202303",
    "残疾人名单",
    "逝者",
    "反馈表",
)
"""Parts of the names of small files of many lists."""

CLOTHES = (
    "form:xlsx",
    "shuffle,drop,spaced,deeper,form:xlsx",
    "group,serial,emptycolumn,lead,foot,form:xlsx",
    "pages,blanks,numbered,form:xml",
    "subtotals,foot,form:html",
    "split,form:xlsx",
    "splitfirst,form:xlsx",
    "shuffle,form:text,dialect:protected",
    "deeper,form:text,dialect:tab-gb",
    "towns,county,form:xlsx",
    "words:贵州省云坪县,form:xlsx",
    "words:山东省沂泽县,shuffle,form:xlsx",
)


@pytest.fixture(scope="session")
def samples() -> Path:
    if not (SAMPLES / "judge.py").is_file():
        pytest.skip("needs ../shared (samples), which is not here")
    return SAMPLES


def small(samples: Path) -> list[Path]:
    found = [p for p in sorted(samples.iterdir()) if p.suffix in (".xlsx", ".xls", ".csv") and any(part in p.name for part in SMALL)]
    return [p for p in found if load_truth(p)["verdict"] not in UNTOUCHED]


@cache
def areas(samples: Path, *, other: bool) -> AreaTable | None:
    known = areas_of(samples)
    if known is None or not other:
        return known
    return AreaTable.of([(shifted(code), shifted(name)) for code, name in (*known.towns.items(), *known.villages.items())])


@pytest.mark.parametrize("clothes", CLOTHES)
def test_other_clothes_same_reading(clothes: str, samples: Path, tmp_path: Path) -> None:
    wardrobe = Wardrobe(samples, tmp_path, 7)
    bad: dict[str, list[str]] = {}
    for path in small(samples):
        dressed = one(path, load_truth(path), clothes.split(","), wardrobe)
        judged, _ = judge(dressed, samples, areas(samples, other="county" in clothes), tmp_path)
        if not judged.holds:
            bad[dressed.name] = judged.notes[:5]
    assert not bad


@pytest.mark.parametrize("clothes", ["join,stack", "join,beside"])
def test_two_lists_in_one_sheet(clothes: str, samples: Path, tmp_path: Path) -> None:
    paths = folder(Wardrobe(samples, tmp_path, 3), [*clothes.split(","), "form:xlsx"], "附件1")
    judged, _ = judge(next(p for p in paths if "附件1" in p.name), samples, areas_of(tmp_path), tmp_path)
    assert judged.holds, judged.notes[:5]


def test_truth_follows_the_cells(samples: Path, tmp_path: Path) -> None:
    """What the truth says of a cell is said of the cell that has its content now."""
    path = next(
        p
        for p in folder(Wardrobe(samples, tmp_path, 5), ["shuffle", "deeper", "form:text", "dialect:utf-8"], "渐退户")
        if "渐退户" in p.name
    )
    rows = [line.split(",") for line in path.read_text("utf-8").splitlines()]
    findings = load_truth(path)["findings"]
    assert findings
    for finding in findings:
        row, column = place_of(str(finding["cell"]))
        assert rows[row - 1][column - 1] == finding["raw"]


def test_every_vocabulary_names_the_needed_columns() -> None:
    for county, lists in vocabularies().items():
        for feed, words in lists.items():
            named = (
                "head_id" if feed.endswith("HOUSEHOLD") or feed == "TAPER" else "recipient_id" if feed == "PAYMENT_RESULT" else "id_number"
            )
            assert ("cert_no" if feed == "DISABILITY" else named) in words, (county, feed)


def test_places_and_texts() -> None:
    assert [letters(n) for n in (1, 26, 27, 703)] == ["A", "Z", "AA", "AAA"]
    assert place_of("AB12") == (12, 28)
    assert shown(Cell(522722196503109129)) == "5.22722E+17"
    assert shown(Cell(19900012345)) == "19900012345"
    assert shown(Cell(470, formula="=350+120")) == "#REF!"
    assert shifted("522722100200 荔波县 522722197501019017") == "522731100200 惠水县 522722197501019017"
