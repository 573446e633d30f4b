"""A further part of a list: kept once, and said at the row that says it again."""

from __future__ import annotations

from pathlib import Path

from contracts.frames import ListFrames
from contracts.ids import Period
from gateway.app import importing, repeats, rosters
from gateway.app.importing import Order
from tests.e2e import tables
from tests.unit.gateway.app.offices import CLERK, DIBAO, MARCH, Offices, frame, persons


def part(rows: list[dict[str, object]], code: str = DIBAO) -> ListFrames:
    return ListFrames(code, MARCH, "complete", frame(rosters.accepted_columns(code), rows), frame(rosters.rejected_columns(code), []))


def test_nobody_twice_leaves_the_part_alone() -> None:
    mine = part([dict(row) for row in persons(3, first=3)])
    left, again = repeats.taken_out(mine, part([dict(row) for row in persons(3)]))
    assert left is mine
    assert again.height == 0


def test_whom_an_earlier_part_has_is_rejected() -> None:
    left, again = repeats.taken_out(part([dict(row) for row in persons(3, first=2)]), part([dict(row) for row in persons(3)]))
    assert left.accepted.height == 2
    assert left.rejected["_codes"].to_list() == [["E-ID-DUP"]]
    assert again.rows() == [("名册", 2, "f.xlsx 4")]


def test_a_rejected_row_of_an_earlier_part_counts_as_the_first() -> None:
    earlier = part([])
    bad = frame(rosters.rejected_columns(DIBAO), [{**persons(1)[0], "_codes": ["E-DATE"], "_raw": "{}"}])
    left, _ = repeats.taken_out(part([dict(persons(1)[0])]), ListFrames(DIBAO, MARCH, "partial", earlier.accepted, bad))
    assert (left.accepted.height, left.rejected.height) == (0, 1)


def test_on_a_change_list_a_person_may_stand_twice() -> None:
    row = {"change_type": "MOVE", "name": "覃大山", "id_number": persons(1)[0]["id_number"]}
    mine = part([row], "CHANGE_LIST")
    assert repeats.taken_out(mine, part([row], "CHANGE_LIST"))[0] is mine


def test_a_file_is_read_with_the_findings_of_its_repeats(tmp_path: Path) -> None:
    offices = Offices(tmp_path)
    office = offices.make("civil-affairs")
    first, second = tables.people(0, 30), tables.people(28, 50)
    one = tables.roster(tmp_path / "one.csv", first)
    two = tables.roster(tmp_path / "two.csv", second)
    importing.import_file(office, CLERK, one, Order(DIBAO, Period(2023, 3)))
    done = importing.import_file(office, CLERK, two, Order(DIBAO, Period(2023, 3), add=True))
    found = [finding for finding in done.reading.findings if finding.code == "E-ID-DUP"]
    assert [(finding.cell, finding.facts["other"]) for finding in found] == [("B2", "one.csv 30"), ("B3", "one.csv 31")]
    assert (done.reading.accepted, done.reading.rejected) == (20, 2)
    assert not [who for who in second if who.number in "".join(finding.message("zh") for finding in found)]
