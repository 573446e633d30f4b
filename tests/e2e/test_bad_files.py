"""Files that cannot be used: `check` says so, `import` and `publish` refuse them, and the home stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.docs.workbook import write_workbook
from tests.e2e import tables
from tests.e2e.conftest import RURAL
from tests.e2e.desk import Desk, Said
from tests.e2e.refusals import told, understood
from tests.e2e.traces import LEDGER, changed, held
from tests.unit.producers.reading.dialects import compound

LEDGER_TABLES = {f"table {name}" for name in LEDGER}


def letter(path: Path) -> None:
    path.write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj")


def renamed_letter(path: Path) -> None:
    path.write_bytes(b"{\\rtf1 Dear colleagues}")


def nothing(path: Path) -> None:
    path.write_bytes(b"")


def half_a_workbook(path: Path) -> None:
    whole = path.with_name("whole.xlsx")
    write_workbook(whole)
    path.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])


def locked_workbook(path: Path) -> None:
    path.write_bytes(compound({"EncryptionInfo": b"\4\0\4\0", "EncryptedPackage": b"x" * 5000}))


def april(path: Path) -> None:
    tables.write(path, [who.cells() for who in tables.people(0, 10)], title="荔波县农村低保人员查询 2023年4月")


def without_numbers(path: Path) -> None:
    tables.write(path, [{"姓名": who.name, "家庭地址": "朝阳镇"} for who in tables.people(0, 10)])


def headers_alone(path: Path) -> None:
    tables.write(path, [], headers=list(tables.person(0).cells()))


FILES: dict[str, tuple[str, str, Callable[[Path], None]]] = {
    "wrong type": ("letter.xlsx", "E-FILE-TYPE", letter),
    "another wrong type": ("letter.csv", "E-FILE-TYPE", renamed_letter),
    "empty": ("empty.xlsx", "E-FILE-EMPTY", nothing),
    "corrupt": ("half.xlsx", "E-FILE-CORRUPT", half_a_workbook),
    "password-protected": ("locked.xlsx", "E-FILE-PWD", locked_workbook),
    "wrong month": ("april.csv", "E-MONTH", april),
    "missing columns": ("columns.csv", "E-FILE-TEMPLATE", without_numbers),
    "headers and nobody": ("headers.csv", "E-FILE-EMPTY", headers_alone),
}


@pytest.fixture(scope="module")
def office(march_once: Desk, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """One for all: nothing here changes it, which is what is tested."""
    return march_once.copy(tmp_path_factory.mktemp("files") / "offices")


def finding(said: Said, code: str, lang: str) -> None:
    found = [each for each in said.document["findings"] if each["code"] == code]
    assert len(found) == 1, said
    assert (found[0]["sheet"], found[0]["cell"], found[0]["severity"]) == (None, None, "error")
    understood(found[0]["message"], found[0]["fix"], lang)


@pytest.mark.parametrize("case", FILES)
def test_a_file_that_cannot_be_used(case: str, office: Desk) -> None:
    name, code, make = FILES[case]
    make(office.folder / name)
    before = held(office.folder / "ca")
    words = (name, "--as", RURAL, "--period", "2023-03")
    said = office.say("ca", "--json", "check", *words, lang="zh")
    assert (said.exit, said.document["verdict"], said.document["rows"]) == (1, "REJECT_FILE", 0)
    finding(said, code, "zh")
    said = office.say("ca", "--json", "import", *words, lang="en")
    assert (said.exit, said.document["imported"], said.document["kept"]) == (1, "refused", [])
    finding(said, code, "en")
    error = said.document["error"]
    assert error["code"] == code
    understood(error["message"], error["fix"], "en")
    said = office.say("ca", "import", *words, lang="zh")
    assert said.exit == 1
    assert code in said.out
    assert "× 未保存" in said.out
    assert changed(before, held(office.folder / "ca")) == set()


@pytest.mark.parametrize("case", ["wrong type", "empty", "corrupt", "password-protected", "wrong month"])
def test_a_file_that_cannot_be_used_is_not_published_either(case: str, office: Desk) -> None:
    name, code, make = FILES[case]
    make(office.folder / name)
    before = held(office.folder / "ca")
    told(office.say("ca", "publish", name, "--period", "2023-03", lang="zh"), code, 1, "zh")
    assert office.ask("ca", "publish", name, "--period", "2023-03", exit=1)["error"]["code"] == code
    assert changed(before, held(office.folder / "ca")) == set()


def test_a_file_of_which_every_row_is_bad(office: Desk) -> None:
    """Held: nothing of it is kept but an event in the ledger, and the list of that month stays missing."""
    tables.roster(office.folder / "bad.csv", [tables.mistyped(who) for who in tables.people(0, 30)])
    before = held(office.folder / "ca")
    words = ("import", "bad.csv", "--as", RURAL, "--period", "2023-04")
    for lang in ("zh", "en"):
        said = office.say("ca", "--json", *words, lang=lang)
        assert (said.exit, said.document["imported"], said.document["accepted"], said.document["rejected"]) == (1, "held", 0, 30)
        error = said.document["error"]
        assert error["code"] == "E-IMPORT-HELD"
        understood(error["message"], error["fix"], lang)
        assert "--accept-partial" in office.say("ca", *words, lang=lang).out
    assert changed(before, held(office.folder / "ca")) == LEDGER_TABLES
    assert office.ask("ca", "publish", "--period", "2023-04", exit=1)["error"]["code"] == "E-PUBLISH-NOTHING"


def test_one_row_in_twenty_may_be_bad_and_no_more(march: Desk) -> None:
    people = tables.people(0, 60)
    rows = [*(who.cells() for who in people[:57]), *(tables.mistyped(who) for who in people[57:])]
    tables.roster(march.folder / "three.csv", rows)
    tables.roster(march.folder / "four.csv", [*rows[:56], tables.mistyped(people[56]), *rows[57:]])
    assert march.ask("ca", "import", "four.csv", "--as", RURAL, "--period", "2023-04", exit=1)["imported"] == "held"
    kept = march.ask("ca", "import", "three.csv", "--as", RURAL, "--period", "2023-04")
    assert kept["kept"] == [{"list": RURAL, "part": 0, "accepted": 57, "rejected": 3}]


def test_all_rows_bad_and_wanted_all_the_same(march: Desk) -> None:
    """Said to be wanted, they are kept as known but unreadable: nobody can be published, and nobody is gone."""
    tables.roster(march.folder / "bad.csv", [tables.mistyped(who) for who in tables.people(0, 60)])
    march.do("med", "collect", "--sink", "sqlite:///med.db")
    kept = march.ask("ca", "import", "bad.csv", "--as", RURAL, "--period", "2023-04", "--accept-partial")
    assert kept["kept"] == [{"list": RURAL, "part": 0, "accepted": 0, "rejected": 60}]
    sent = march.ask("ca", "publish", "--period", "2023-04", "--feed", "assistance-persons")["editions"]
    medical = next(each for each in sent if each["to"] == "medical-insurance")
    assert (medical["rows"], medical["unconfirmed"]) == (0, 60)


def test_files_with_a_bad_one_among_them(office: Desk) -> None:
    """Each gets its answer; the exit code is that of the worst."""
    letter(office.folder / "letter.xlsx")
    said = office.ask("ca", "check", "march.csv", "letter.xlsx", "--as", RURAL, "--period", "2023-03", exit=1)
    assert [each["verdict"] for each in said["files"]] == ["CLEAN", "REJECT_FILE"]
