"""What comes again, late, corrected, recalled or empty: the partner holds what was meant, once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e import tables
from tests.e2e.desk import COUNTY, Desk
from tests.e2e.months import MEDICAL, SINK, collect, keep, numbers, offer, publish, seen, seen_in
from tests.e2e.traces import changed, held, rows

MARCH = f"522722.assistance-persons.{MEDICAL}.2023-03"
PEOPLE = tables.people(0, 60)


@pytest.fixture
def loaded(loaded_once: Desk, tmp_path: Path) -> Desk:
    """March is loaded at medical insurance, and civil affairs has the receipts."""
    return loaded_once.copy(tmp_path / "offices")


def receipts_in_the_folder(desk: Desk) -> dict[str, bytes]:
    lane = desk.folder / "mail" / COUNTY / "civil-affairs" / f"{COUNTY}-{MEDICAL}"
    return {path.name: path.read_bytes() for path in lane.glob("*-receipt-*.json")}


def test_a_duplicate_is_answered_with_the_very_receipt_that_was_given(loaded: Desk) -> None:
    before, given = receipts_in_the_folder(loaded), loaded.ask("med", "receipt", "list")
    state = held(loaded.folder / "med")
    for path in (loaded.folder / "mail" / COUNTY / "civil-affairs" / f"{COUNTY}-{MEDICAL}").glob("*-receipt-*.json"):
        path.unlink()  # they got lost on the way
    loaded.do("ca", "edition", "resend", f"{MARCH}.r1")
    assert collect(loaded) == []
    again = receipts_in_the_folder(loaded)
    assert sorted(again.values()) == sorted(before.values())
    assert len(again) == 2
    assert loaded.ask("med", "receipt", "list") == given
    assert changed(state, held(loaded.folder / "med")) <= {"table meta", "table receipt"}
    assert numbers(PEOPLE) == set(seen(loaded))


def test_another_sink_is_filled_with_the_receipt_that_was_given(loaded: Desk) -> None:
    """From the inbox, without the sender; byte for byte the receipt, row for row the rows."""
    given = loaded.ask("med", "receipt", "list")
    first = rows(loaded.folder / "med.db", "SELECT receipt FROM gateway_inbox")
    assert collect(loaded, sink="sqlite:///second.db") == []
    assert rows(loaded.folder / "second.db", "SELECT receipt FROM gateway_inbox") == first
    assert seen_in(loaded.folder / "second.db", "2023-03") == numbers(PEOPLE)
    assert collect(loaded, sink="csv:tables") == []
    stored = list((loaded.folder / "tables").rglob("receipt.dsse.json"))
    assert [(path.read_bytes(),) for path in stored] == first
    assert loaded.ask("med", "receipt", "list") == given
    assert len(receipts_in_the_folder(loaded)) == 2


def test_without_a_sink_it_is_received_and_no_more(march: Desk) -> None:
    done = march.ask("med", "collect")
    assert [(each["result"], each["rows"]) for each in done["collected"]] == [("received", 0)]
    march.do("ca", "sync")
    assert march.ask("ca", "edition", "show", f"{MARCH}.r1")["state"] == "received"
    assert collect(march) == [("2023-03", "loaded", 60)]


def test_a_correction_of_march_leaves_aprils_view_alone(loaded: Desk) -> None:
    keep(loaded, "april.csv", [*PEOPLE[2:], tables.person(70)], "2023-04")
    publish(loaded, "2023-04")
    collect(loaded)
    april = seen(loaded)
    keep(loaded, "march2.csv", PEOPLE[:-1], "2023-03", "--replace", "一人早已迁出")
    sent = publish(loaded, "2023-03", "--revise", "一人早已迁出")
    assert (sent["revision"], sent["rows"]) == (2, 59)
    assert collect(loaded) == [("2023-03", "loaded", 59)]
    assert seen(loaded) == april
    assert seen_in(loaded.folder / "med.db", "2023-03") == numbers(PEOPLE[:-1])
    loaded.do("ca", "sync")
    cell = next(each for each in loaded.ask("ca", "status", "--month", "2023-03")["cells"] if each["department"] == MEDICAL)
    assert (cell["state"], cell["revision"], cell["rows"]) == ("loaded", 2, 59)


def test_a_changed_list_wants_a_reason_before_it_goes_out_again(loaded: Desk) -> None:
    keep(loaded, "march2.csv", PEOPLE[:-1], "2023-03", "--replace", "更正")
    before = held(loaded.folder / "ca")
    said = loaded.say("ca", "--json", "publish", "--period", "2023-03")
    assert (said.exit, said.document["error"]["code"]) == (5, "E-EDITION-CHANGED")
    assert "--revise" in said.document["error"]["fix"]
    assert changed(before, held(loaded.folder / "ca")) == set()


def test_a_recall_takes_the_rows_out_again(loaded: Desk) -> None:
    """What was sent by mistake goes; the receipt of what was loaded stays, and the recall has its own."""
    keep(loaded, "april.csv", PEOPLE[:55], "2023-04")
    publish(loaded, "2023-04")
    collect(loaded)
    loaded.do("ca", "edition", "recall", f"522722.assistance-persons.{MEDICAL}.2023-04.r1", "--reason", "发错了月份")
    assert collect(loaded) == [("2023-04", "loaded", 0)]
    assert seen_in(loaded.folder / "med.db", "2023-04") == set()
    assert set(seen(loaded)) == numbers(PEOPLE), "March is the latest month again"
    loaded.do("ca", "sync")
    cell = next(each for each in loaded.ask("ca", "status", "--month", "2023-04")["cells"] if each["department"] == MEDICAL)
    assert (cell["state"], cell["revision"]) == ("withdrawn", 2)
    said = loaded.say("ca", "--json", "publish", "--period", "2023-04", "--feed", "assistance-persons")
    assert (said.exit, said.document["error"]["code"]) == (5, "E-EDITION-WITHDRAWN")
    assert publish(loaded, "2023-04", "--revise", "现在对了")["revision"] == 3
    assert collect(loaded) == [("2023-04", "loaded", 55)]
    assert loaded.ask("med", "fsck")["clean"] is True


def test_a_recalled_edition_that_comes_late_is_not_loaded_after_its_recall(march: Desk) -> None:
    """Both lie in the folder before the partner looks: it ends with the recall."""
    march.do("ca", "edition", "recall", f"{MARCH}.r1", "--reason", "发错了")
    assert [result for _, result, _ in collect(march)] == ["loaded", "loaded"]
    assert seen_in(march.folder / "med.db", "2023-03") == set()


def test_an_empty_month_is_an_edition_with_nobody(loaded: Desk) -> None:
    """Said to be empty, it waits for somebody who accepts the fall; then everyone is gone, and on the partner's word."""
    waiting = publish(loaded, "2023-04", "--nil")
    assert (waiting["state"], waiting["rows"]) == ("awaiting-release", 0)
    assert collect(loaded) == []
    sent = publish(loaded, "2023-04", "--nil", "--accept-fall", "全部转入特困")
    assert (sent["state"], sent["rows"], sent["unconfirmed"]) == ("posted", 0, 0)
    assert {source["state"] for source in sent["sources"]} == {"nil"}
    assert collect(loaded) == [("2023-04", "loaded", 0)]
    assert seen(loaded) == {}
    assert seen_in(loaded.folder / "med.db", "2023-03") == numbers(PEOPLE)


def test_the_same_file_twice_changes_nothing(loaded: Desk) -> None:
    """Nor does the same list in another order, under another name."""
    before = held(loaded.folder / "ca")
    keep(loaded, "march.csv", PEOPLE, "2023-03")
    keep(loaded, "anders.csv", list(reversed(PEOPLE)), "2023-03")
    said = loaded.ask("ca", "import", "march.csv", "--as", "DIBAO_RURAL_PERSON", "--period", "2023-03")
    assert (said["imported"], said["kept"]) == ("unchanged", [])
    assert publish(loaded, "2023-03")["revision"] == 1
    assert changed(before, held(loaded.folder / "ca")) == set()


def test_another_file_for_the_same_month_is_a_conflict(loaded: Desk) -> None:
    before = held(loaded.folder / "ca")
    said = offer(loaded, "other.csv", PEOPLE[1:], "2023-03")
    assert said.exit == 5
    assert "[E-IMPORT-CONFLICT]" in said.err
    assert "--add" in said.err
    assert "--replace" in said.err
    assert changed(before, held(loaded.folder / "ca")) == set()
    keep(loaded, "other.csv", PEOPLE[1:], "2023-03", "--replace", "漏删一人")
    sent = publish(loaded, "2023-03", "--revise", "漏删一人")
    assert (sent["revision"], sent["rows"]) == (2, 59)


def test_a_fall_by_more_than_a_fifth_waits_for_a_person(loaded: Desk) -> None:
    keep(loaded, "april.csv", PEOPLE[:47], "2023-04")
    waiting = publish(loaded, "2023-04")
    assert (waiting["state"], waiting["manifest"]) == ("awaiting-release", None)
    said = loaded.do("ca", "publish", "--period", "2023-04", "--feed", "assistance-persons")
    assert "DIBAO_RURAL fell from 60 to 47 (22 %)" in said.out
    assert "--accept-fall" in said.out
    assert collect(loaded) == []
    assert publish(loaded, "2023-04", "--accept-fall", "核查清退")["rows"] == 47
    assert collect(loaded) == [("2023-04", "loaded", 47)]
    assert set(seen(loaded)) == numbers(PEOPLE[:47])


def test_a_fall_by_a_fifth_goes_out(loaded: Desk) -> None:
    keep(loaded, "april.csv", PEOPLE[:48], "2023-04")
    assert publish(loaded, "2023-04")["state"] == "posted"


def test_held_rows_are_no_fall(loaded: Desk) -> None:
    """Who is held has not gone: three in sixty are held and nine are gone, that is no fall by a fifth."""
    keep(loaded, "april.csv", [*PEOPLE[:48], *(tables.mistyped(who) for who in PEOPLE[48:50])], "2023-04")
    assert publish(loaded, "2023-04")["state"] == "posted"


def test_months_that_come_in_the_wrong_order(loaded: Desk) -> None:
    """April is published before February: February is stored, and the current view stays April's."""
    keep(loaded, "april.csv", PEOPLE[:55], "2023-04")
    publish(loaded, "2023-04")
    keep(loaded, "february.csv", PEOPLE[:50], "2023-02")
    publish(loaded, "2023-02")
    assert sorted(collect(loaded)) == [("2023-02", "loaded", 50), ("2023-04", "loaded", 55)]
    assert set(seen(loaded)) == numbers(PEOPLE[:55])


def test_a_recipient_without_keys_holds_nobody_back(march: Desk) -> None:
    """Human resources and emergency have sent no keys: they are named, the others have theirs; later they get the same month."""
    states = {each["to"]: each["state"] for each in march.ask("ca", "publish", "--period", "2023-03")["editions"]}
    assert states == {
        "medical-insurance": "posted", "education": "posted", "housing": "posted", "hrss": "no-keys", "emergency": "no-keys",
        "rural-revitalization": "no-base",
    }  # fmt: skip
    march.do("hrss", "init", "--agency", "hrss", "--county", COUNTY, "--carrier", "dir:mail")
    march.keep("hrss.json", march.do("hrss", "trust", "export").out)
    march.do("ca", "trust", "import", "hrss.json")
    march.do("hrss", "trust", "import", march.keep("trust2.json", march.do("ca", "trust", "sign").out).name)
    sent = {each["to"]: each for each in march.ask("ca", "publish", "--period", "2023-03")["editions"]}
    assert (sent["hrss"]["state"], sent["hrss"]["revision"]) == ("posted", 1)
    assert (sent["medical-insurance"]["state"], sent["medical-insurance"]["revision"]) == ("posted", 1)
    assert collect(march, "hrss", "sqlite:///hrss.db") == [("2023-03", "loaded", sent["hrss"]["rows"])]
    assert collect(march) == [("2023-03", "loaded", 60)]


def test_a_home_posts_nothing_twice(loaded: Desk) -> None:
    """Publishing and syncing again and again leaves the shared folder as it is."""
    loaded.do("ca", "sync")
    loaded.do("med", "sync")
    before = held(loaded.folder / "mail")
    for _ in range(2):
        loaded.do("ca", "publish", "--period", "2023-03")
        loaded.do("med", "collect", "--sink", SINK)
        loaded.do("ca", "sync")
        loaded.do("med", "sync")
    assert changed(before, held(loaded.folder / "mail")) == set()
