"""A sender whose headers nobody could know: shown, settled once, remembered, and never guessed."""

from __future__ import annotations

import json
from pathlib import Path

from tests.e2e.desk import Desk
from tests.e2e.tables import people

HEADERS = ("逝者", "公民身份号码", "性别", "离世之日", "送别处", "代号甲")


def deaths(desk: Desk, name: str, headers: tuple[str, ...] = HEADERS) -> str:
    rows = [(who.name, who.number, "", "2023-03-05", "城北", "A1") for who in people(0, 5)]
    lines = [",".join(row) for row in ((("2023年3月逝者名单",) + ("",) * (len(headers) - 1)), headers, *rows)]
    (desk.folder / name).write_text("\n".join(lines), "utf-8")
    return name


def field_of(document: dict[str, object], header: str) -> tuple[object, object]:
    tables = document["tables"]
    assert isinstance(tables, list)
    column = next(c for c in tables[0]["columns"] if c["header"] == header)
    return column["field"], column["how"]


def test_what_is_in_doubt_is_shown_settled_once_and_remembered(founded: Desk) -> None:
    file = deaths(founded, "三月.csv")
    shown = founded.ask("ca", "lists", "map", file, "--as", "DEATH")
    assert field_of(shown, "公民身份号码") == ("id_number", "exact")
    assert field_of(shown, "送别处") == (None, "unknown")
    assert shown["version"] is None
    before = founded.ask("ca", "check", file, "--as", "DEATH")
    assert {f["code"] for f in before["findings"]} >= {"E-FILE-COL"}

    tried = founded.ask("ca", "lists", "map", file, "--as", "DEATH", "--set", "送别处=place", "--set", "离世之日=死亡日期")
    assert field_of(tried, "送别处") == ("place", "settled")
    assert founded.ask("ca", "check", file, "--as", "DEATH")["findings"] == before["findings"], "nothing is remembered without --confirm"

    words = ("lists", "map", file, "--as", "DEATH", "--set", "送别处=place", "--set", "离世之日=死亡日期", "--set", "F=-", "--confirm")
    assert founded.ask("ca", *words)["version"] == 1
    assert founded.ask("ca", *words)["version"] == 1, "the same again is the same version"

    out = Path("records.jsonl")
    april = deaths(founded, "再报.csv")
    after = founded.ask("ca", "check", april, "--as", "DEATH", "--records", str(out))
    assert "E-FILE-COL" not in {f["code"] for f in after["findings"]}
    assert '"place": "城北"' in (founded.folder / out).read_text("utf-8")
    assert '"death_date": "2023-03-05"' in (founded.folder / out).read_text("utf-8")


def test_another_senders_file_is_not_read_by_what_one_sender_meant(founded: Desk) -> None:
    file = deaths(founded, "三月.csv")
    founded.ask("ca", "lists", "map", file, "--as", "DEATH", "--set", "送别处=place", "--confirm")
    other = deaths(founded, "外县.csv", ("亡者姓名", "证件号码", "男女", "死亡时间", "送别处", "批号"))
    assert field_of(founded.ask("ca", "lists", "map", other, "--as", "DEATH"), "送别处") == (None, "unknown")


def test_what_does_not_fit_is_refused_with_the_way_on(founded: Desk) -> None:
    file = deaths(founded, "三月.csv")
    for said, code in (("没有这列=place", "E-MAP-HEADER"), ("送别处=没有这项", "E-MAP-FIELD"), ("送别处", "E-MAP-HEADER")):
        assert founded.ask("ca", "lists", "map", file, "--as", "DEATH", "--set", said, exit=2)["error"]["code"] == code
    nameless = deaths(founded, "缺.csv", ("甲", "公民身份号码", "性别", "死亡日期", "火化地点", "乙"))
    assert founded.ask("ca", "check", nameless, "--as", "DEATH", exit=1)["findings"][0]["code"] == "E-FILE-TEMPLATE"
    shown = founded.ask("ca", "lists", "map", nameless, "--as", "DEATH", exit=1)
    assert shown["tables"][0]["missing"] == ["逝者姓名"]
    assert founded.ask("ca", "lists", "map", nameless, "--as", "DEATH", "--confirm", exit=1)["error"]["code"] == "E-MAP-MISSING"
    assert founded.ask("ca", "lists", "map", nameless, "--as", "DEATH", "--set", "甲=name", "--confirm")["version"] == 1
    assert founded.ask("ca", "check", nameless, "--as", "DEATH")["accepted"] == 5


def test_a_number_that_stands_among_the_headers_is_neither_shown_nor_kept(founded: Desk) -> None:
    """A clerk typed a telephone number into the header row; a layout is kept in the clear, so it must not hold it."""
    number = "19900012345"
    file = deaths(founded, "误填.csv", ("亡者姓名", "公民身份号码", "性别", "死亡日期", "火化地点", f"核对{number}"))
    words = ("lists", "map", file, "--as", "DEATH")
    for more in ((), ("--set", "性别=-", "--confirm")):
        assert number not in json.dumps(founded.ask("ca", *words, *more))
    assert founded.ask("ca", *words, "--set", "F=place", "--confirm", exit=2)["error"]["code"] == "E-MAP-HEADER"
    for part in (founded.folder / "ca").glob("state.db*"):
        assert number.encode() not in part.read_bytes()
