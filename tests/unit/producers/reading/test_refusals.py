"""Files that are refused whole: each with its own code, by content and not by name, with nothing taken."""

from __future__ import annotations

import struct
import zipfile
from datetime import date
from pathlib import Path

import pytest

from contracts.errors import ExchangeError
from contracts.ids import Period
from producers.reading import Reading, read_file, require_period
from producers.reading import archive as archive_module
from tests.unit.contracts.values.people import id_of
from tests.unit.producers.reading.dialects import compound
from tests.unit.producers.reading.files import MARCH, TEKUN, codes, read, table, tekun, xlsx

GOOD = [id_of("522722", date(1950, 1, d), 901 + d) for d in range(1, 25)]


def refused(reading: Reading, code: str) -> None:
    assert reading.verdict == "REJECT_FILE"
    assert codes(reading) == [(None, code)]
    assert reading.findings[0].sheet is None
    assert (reading.rows, reading.tables) == (0, ())
    for language in ("zh", "en"):
        assert reading.findings[0].message(language)
        assert reading.findings[0].fix(language)


def valid(path: Path) -> Path:
    return xlsx(path, [TEKUN, *(tekun(n) for n in GOOD)])


@pytest.mark.parametrize("content", [b"", b"  \r\n\t "])
def test_empty(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "空.xlsx"
    path.write_bytes(content)
    refused(read(path), "E-FILE-EMPTY")


def test_an_empty_workbook_and_headers_alone(tmp_path: Path) -> None:
    refused(read(xlsx(tmp_path / "a.xlsx", [])), "E-FILE-EMPTY")
    refused(read(xlsx(tmp_path / "b.xlsx", [["特困人员"], TEKUN])), "E-FILE-EMPTY")
    refused(read(table(tmp_path / "c.csv", [TEKUN, ["合计", "0人"]])), "E-FILE-EMPTY")


@pytest.mark.parametrize("kept", [200, 1500, -1, -40])
def test_cut_off(tmp_path: Path, kept: int) -> None:
    whole = valid(tmp_path / "whole.xlsx").read_bytes()
    path = tmp_path / "cut.xlsx"
    path.write_bytes(whole[:kept])
    refused(read(path), "E-FILE-CORRUPT")


def test_one_flipped_byte_never_passes_unnoticed_or_breaks_the_reader(tmp_path: Path) -> None:
    whole = bytearray(valid(tmp_path / "whole.xlsx").read_bytes())
    expected = read(tmp_path / "whole.xlsx")
    path = tmp_path / "flipped.xlsx"
    for at in range(0, len(whole), 211):
        damaged = bytearray(whole)
        damaged[at] ^= 0x20
        path.write_bytes(damaged)
        reading = read(path)
        assert reading.verdict == "REJECT_FILE" or reading.tables[0].accepted.drop("_file").equals(
            expected.tables[0].accepted.drop("_file")
        )


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 50,
        b"Rar!\x1a\x07",
        b"<html><body><form>\xe7\x99\xbb\xe5\xbd\x95</form></body></html>",
        b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>',
        b'<?xml version="1.0"?><rss/>',
        b"{\\rtf1 x}",
        b"\x1f\x8b\x08\0",
        bytes(range(256)) * 4,
        b"\xff\xfe\xff\xff" * 9 + b"\xff",
    ],
)
@pytest.mark.parametrize("name", ["表.xlsx", "表.csv", "表.xls"])
def test_no_table_at_all(tmp_path: Path, content: bytes, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    refused(read(path), "E-FILE-TYPE")


def test_another_zip_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "文档.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    refused(read(path), "E-FILE-TYPE")


def test_an_encrypted_workbook(tmp_path: Path) -> None:
    path = tmp_path / "加密.xlsx"
    path.write_bytes(compound({"EncryptionInfo": b"\4\0\4\0", "EncryptedPackage": b"x" * 5000}))
    refused(read(path), "E-FILE-PWD")


def test_an_encrypted_legacy_workbook(tmp_path: Path) -> None:
    bof = struct.pack("<HHHHHHII", 0x0809, 16, 0x0600, 5, 0, 0, 0, 0)
    path = tmp_path / "加密.xls"
    path.write_bytes(compound({"Workbook": bof + struct.pack("<HH6s", 0x002F, 6, b"\0" * 6)}))
    refused(read(path), "E-FILE-PWD")


def test_a_text_document_in_a_compound_file(tmp_path: Path) -> None:
    path = tmp_path / "通知.xls"
    path.write_bytes(compound({"WordDocument": b"x"}))
    refused(read(path), "E-FILE-TYPE")


def test_a_damaged_compound_file(tmp_path: Path) -> None:
    path = tmp_path / "坏.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 900)
    refused(read(path), "E-FILE-CORRUPT")


def test_wrong_month(tmp_path: Path) -> None:
    rows = [["特困人员名单（2023年2月）"], TEKUN, tekun(GOOD[0])]
    refused(read(xlsx(tmp_path / "a.xlsx", rows)), "E-MONTH")
    assert read(tmp_path / "a.xlsx", period=Period(2023, 2)).verdict == "CLEAN"


def test_wrong_month_in_a_month_column(tmp_path: Path) -> None:
    head = ["批次号", "所属月份", "姓名", "身份证号", "账号", "应发金额", "发放状态"]
    rows = [head, *(["B1", "202302", "莫燕", n, "6299991184283146115", "100", "成功"] for n in GOOD[:5])]
    refused(read(table(tmp_path / "一卡通代发结果.csv", rows)), "E-MONTH")


@pytest.mark.parametrize("as_list", ["TEKUN_PERSON", None])
def test_needed_columns_missing(tmp_path: Path, as_list: str | None) -> None:
    path = xlsx(tmp_path / "a.xlsx", [["姓名", "性别", "供养方式", "照料人姓名"], ["莫燕", "女", "分散供养", "莫英"]])
    reading = read(path, as_list)
    refused(reading, "E-FILE-TEMPLATE")
    assert "身份证号" in str(reading.findings[0].facts["missing"])


def test_another_list_than_it_was_sent_as(tmp_path: Path) -> None:
    refused(read(valid(tmp_path / "a.xlsx"), "CHILD"), "E-FILE-TEMPLATE")
    refused(read(valid(tmp_path / "a.xlsx"), "PAYMENT_RESULT"), "E-FILE-TEMPLATE")


def test_an_unknown_list_is_the_caller_s_mistake(tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match="E-LIST"):
        read(valid(tmp_path / "a.xlsx"), "NOBODY")


def test_a_file_that_could_be_several_lists_is_not_guessed(tmp_path: Path) -> None:
    refused(read(xlsx(tmp_path / "a.xlsx", [["姓名", "身份证号"], ["莫燕", GOOD[0]]])), "E-FILE-LIST")


def test_nobody_said_the_month(tmp_path: Path) -> None:
    reading = read_file(valid(tmp_path / "a.xlsx"))
    assert reading.period is None
    with pytest.raises(ExchangeError, match="E-PERIOD-ASK"):
        require_period(reading)
    assert require_period(read(tmp_path / "a.xlsx")) == MARCH


def test_every_row_bad_is_held_and_not_refused(tmp_path: Path) -> None:
    reading = read(xlsx(tmp_path / "a.xlsx", [TEKUN, *(tekun(f"{n[:-1]}") for n in GOOD)]))
    assert (reading.verdict, reading.accepted, reading.rejected) == ("HOLD", 0, 24)
    assert {c for _, c in codes(reading)} == {"E-ID-LEN"}


def replaced(source: Path, target: Path, **parts: bytes) -> Path:
    """A copy of a workbook with other parts."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            name = item.filename.rpartition("/")[2].removesuffix(".xml")
            new.writestr(item.filename, parts.get(name, old.read(item)))
    return target


HEAD = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


def test_two_cells_far_apart_are_not_unpacked(tmp_path: Path) -> None:
    far = HEAD + b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    refused(read(replaced(valid(tmp_path / "a.xlsx"), tmp_path / "b.xlsx", sheet1=far)), "E-FILE-SIZE")


def test_cells_out_of_order_do_not_hide_how_far_they_reach(tmp_path: Path) -> None:
    far = (
        HEAD
        + b'<row r="1048576"><c r="XFD1048576"><v>1</v></c><c r="A1048576"><v>1</v></c></row>'
        + b'<row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>'
    )
    refused(read(replaced(valid(tmp_path / "a.xlsx"), tmp_path / "b.xlsx", sheet1=far)), "E-FILE-SIZE")


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "MAX_UNPACKED", 1 << 20)
    bomb = HEAD + b" " * (4 << 20) + b"</sheetData></worksheet>"
    refused(read(replaced(valid(tmp_path / "a.xlsx"), tmp_path / "b.xlsx", sheet1=bomb)), "E-FILE-SIZE")


@pytest.mark.parametrize("part", ["sheet1", "workbook", "sharedStrings"])
def test_external_entities_and_document_types(tmp_path: Path, part: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("密")
    doctype = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'.encode()
    with zipfile.ZipFile(valid(tmp_path / "a.xlsx")) as archive:
        name = next(n for n in archive.namelist() if n.endswith(f"{part}.xml"))
        old = archive.read(name)
    cut = old.index(b"?>") + 2
    reading = read(
        replaced(tmp_path / "a.xlsx", tmp_path / "b.xlsx", **{part: old[:cut] + doctype + old[cut:].replace(b"<t>", b"<t>&e;", 1)})
    )
    assert "密" not in str(reading.tables)
    if part != "sharedStrings":
        refused(reading, "E-FILE-CORRUPT")


def test_a_hundred_thousand_sheets(tmp_path: Path) -> None:
    with zipfile.ZipFile(valid(tmp_path / "a.xlsx")) as archive:
        book = archive.read("xl/workbook.xml").decode()
    sheet = book[book.index("<sheet ") : book.index("/>", book.index("<sheet ")) + 2]
    many = "".join(sheet.replace('name="名册"', f'name="s{n}"') for n in range(100_000))
    refused(read(replaced(tmp_path / "a.xlsx", tmp_path / "b.xlsx", workbook=book.replace(sheet, many).encode())), "E-FILE-SIZE")


def test_a_million_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("姓名,身份证号," + "x," * 1_000_000 + "\n")
    refused(read(path), "E-FILE-SIZE")
    path.write_text(
        ",".join([*TEKUN, *(f"列{n}" for n in range(1500))]) + "\n" + ",".join(["莫燕", GOOD[0], *("1" for _ in range(1500))]) + "\n"
    )
    refused(read(path), "E-FILE-SIZE")


def test_a_quote_that_never_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('姓名,身份证号,供养方式\n"莫燕,' + "x" * (2 << 20))
    refused(read(path), "E-FILE-CORRUPT")


def test_a_missing_file_is_no_finding(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "nowhere.xlsx")
