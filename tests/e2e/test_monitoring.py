"""A monitoring list on its way: decided subject by subject, confirmed by two bureaus, registered, and answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.e2e import tables
from tests.e2e.desk import Desk
from tests.e2e.refusals import refused
from tests.e2e.tables import TOWNS, VILLAGES, Person
from tests.e2e.traces import changed, held, rows

COVERED, MISTYPED, NEWBORN, CLEARED, HELD_COVER = range(5)
SUBJECTS = 40
PEOPLE = tables.people(0, 60)
OTHERS = tables.people(100, 100 + SUBJECTS)


def subject(at: int, who: Person, **changed_cells: str) -> dict[str, str]:
    return {
        "户编号": f"H{at // 2:04d}", "人编号": f"S{at:04d}", "姓名": who.name, "证件号码": who.number, "人数": "2",
        "与户主关系": "户主" if at % 2 == 0 else "配偶", "监测对象类型": "突发严重困难户", "风险是否消除": "未消除",
        "风险识别时间": "2023-02-10", "风险消除时间": "", "首次识别时间": "2023-02-10", "户籍所在县": "荔波县",
        "乡": TOWNS[who.town][1], "行政村": VILLAGES[who.village],
        **changed_cells,
    }  # fmt: skip


def monitored(path: Path, **last: str) -> Path:
    """Forty subjects: one on dibao, one with a mistyped number, a newborn, one cleared years ago, one whose roster row is held."""
    lines = [subject(at, who) for at, who in enumerate(OTHERS)]
    lines[COVERED] = subject(COVERED, PEOPLE[0])
    lines[MISTYPED]["证件号码"] = tables.mistyped(OTHERS[MISTYPED])["身份证号"]
    lines[NEWBORN]["证件号码"] = ""
    lines[CLEARED] |= {"风险识别时间": "2021-02-10", "风险是否消除": "已消除", "风险消除时间": "2022-01-10", "首次识别时间": "2021-02-10"}
    lines[HELD_COVER] = subject(HELD_COVER, PEOPLE[59])
    lines[-1] |= last
    return tables.write(path, lines)


@pytest.fixture
def county(founded: Desk) -> Desk:
    """March at civil affairs, one roster row held; the monitoring list lies ready at rural revitalization."""
    tables.roster(founded.folder / "march.csv", [*PEOPLE[:59], tables.undated(PEOPLE[59])])
    founded.do("ca", "import", "march.csv", "--as", "DIBAO_RURAL_PERSON", "--period", "2023-03")
    for name, code in (("tekun.csv", "TEKUN_PERSON"),):
        tables.tekun(founded.folder / name, [tables.person(80)])
        founded.do("ca", "import", name, "--as", code, "--period", "2023-03")
    monitored(founded.folder / "subjects.csv")
    return founded


def signed(desk: Desk) -> None:
    """Rural revitalization publishes the list from its own home, and civil affairs collects it."""
    desk.do("rur", "import", "subjects.csv", "--as", "MONITOR_PERSON", "--period", "2023-03")
    desk.do("rur", "publish", "--period", "2023-03")
    assert [each["result"] for each in desk.ask("ca", "collect")["collected"]] == ["loaded"]


def uploaded(desk: Desk) -> None:
    """A clerk of civil affairs types the partner's workbook in."""
    desk.do("ca", "import", "subjects.csv", "--as", "MONITOR_PERSON", "--period", "2023-03")


def decided(desk: Desk) -> tuple[str, dict[str, Mapping[str, Any]]]:
    """The proposal's digest, and each subject's one decision."""
    document = desk.ask("ca", "intake", "decide")
    by_subject = {each["subject"]: each for each in document["decisions"]}
    assert len(by_subject) == len(document["decisions"]), "a subject has one decision"
    return document["proposal"], by_subject


def registered(desk: Desk) -> dict[str, int]:
    return {each["state"]: each["persons"] for each in desk.ask("ca", "registrations", "list")["registrations"]}


def answers(desk: Desk) -> Counter[tuple[str, bool]]:
    """What rural revitalization holds: each subject once."""
    desk.do("rur", "collect", "--sink", "sqlite:///rur.db")
    found = rows(desk.folder / "rur.db", "SELECT person_no, answer, final FROM monitoring_outcomes")
    assert len({number for number, _, _ in found}) == len(found)
    return Counter((str(answer), bool(final)) for _, answer, final in found)


def test_every_subject_has_one_decision_with_its_reason(county: Desk) -> None:
    uploaded(county)
    _, found = decided(county)
    assert len(found) == SUBJECTS
    said = {at: (found[f"S{at:04d}"]["outcome"], found[f"S{at:04d}"]["reason"]) for at in range(5)}
    assert said == {
        COVERED: ("NOT_APPLICABLE", "COVERED_DIBAO"), MISTYPED: ("NEEDS_REVIEW", "ID_INVALID"), NEWBORN: ("NEEDS_REVIEW", "NO_ID"),
        CLEARED: ("NOT_APPLICABLE", "RISK_CLEARED_PRIOR_YEAR"), HELD_COVER: ("NEEDS_REVIEW", "COVERAGE_ROW_REJECTED"),
    }  # fmt: skip
    assert {found[f"S{at:04d}"]["outcome"] for at in range(5, SUBJECTS)} == {"CANDIDATE"}
    assert all("黔民发〔2023〕2号" in each["clause"] for each in found.values())
    assert set(found["S0005"]) == {"subject", "household", "row", "outcome", "flags", "reason", "clause"}


def test_no_decision_shows_an_id_number(county: Desk) -> None:
    uploaded(county)
    text = county.do("ca", "--json", "intake", "decide").out + county.do("ca", "intake", "decide").out
    text += county.do("ca", "--json", "intake", "outcomes", "--dry-run").out
    assert not [who for who in (*OTHERS, *PEOPLE) if who.number in text or who.name in text]


def test_a_signed_list_is_the_partners_half(county: Desk) -> None:
    """Civil affairs' own act completes it; every subject that came has exactly one answer at rural revitalization."""
    signed(county)
    proposal, found = decided(county)
    assert len(found) == SUBJECTS - 1, "the row that its own home held was not sent"
    assert [each["signed"] for each in county.ask("ca", "intake", "list")["lists"]] == [True]
    done = county.ask("ca", "intake", "confirm", proposal, "--by", "韦科员")
    assert (done["state"], done["sides"]) == ("registered", ["civil-affairs", "rural-revitalization"])
    assert (done["persons"], done["new"]) == (35, 35)
    assert registered(county) == {"registered": 35}
    county.do("ca", "intake", "outcomes")
    settled = {("RECOGNISED_MARGIN", True): 35, ("ALREADY_COVERED", True): 1, ("NOT_IN_RULE", True): 1}
    assert answers(county) == {**settled, ("VERIFYING", False): 2}
    assert county.ask("ca", "fsck")["clean"] is True


def test_an_uploaded_workbook_is_not_the_partners_word(county: Desk) -> None:
    """Half confirmed until the partner's paper is named; nobody is recognised before that."""
    uploaded(county)
    proposal, _ = decided(county)
    done = county.ask("ca", "intake", "confirm", proposal, "--by", "韦科员")
    assert (done["state"], done["sides"], done["new"]) == ("half", ["civil-affairs"], 35)
    assert registered(county) == {"half": 35}
    early = county.ask("ca", "intake", "outcomes", "--dry-run")["outcomes"]
    assert not [each for each in early if each["answer"] == "RECOGNISED_MARGIN"]
    assert "--document" in county.do("ca", "intake", "confirm", proposal, "--by", "韦科员").out
    done = county.ask("ca", "intake", "confirm", proposal, "--by", "覃科员", "--document", "荔乡振函〔2023〕7号")
    assert (done["state"], done["sides"]) == ("registered", ["civil-affairs", "rural-revitalization"])
    assert registered(county) == {"registered": 35}
    county.do("ca", "intake", "outcomes")
    found = answers(county)
    assert found[("RECOGNISED_MARGIN", True)] == 35
    assert sum(found.values()) == SUBJECTS, "also the row that could not be read is answered"


def test_the_paper_alone_registers_nobody(county: Desk) -> None:
    uploaded(county)
    proposal, _ = decided(county)
    done = county.ask("ca", "intake", "confirm", proposal, "--by", "覃科员", "--document", "荔乡振函〔2023〕7号")
    assert (done["state"], done["sides"]) == ("half", ["rural-revitalization"])
    assert registered(county) == {}


def test_the_same_again_changes_nothing(county: Desk) -> None:
    signed(county)
    proposal, _ = decided(county)
    county.do("ca", "intake", "confirm", proposal, "--by", "韦科员")
    county.do("ca", "intake", "outcomes")
    county.do("ca", "sync")
    before = held(county.folder / "ca")
    assert decided(county)[0] == proposal
    assert county.ask("ca", "intake", "confirm", proposal, "--by", "韦科员")["new"] == 0
    county.do("ca", "intake", "outcomes")
    assert changed(before, held(county.folder / "ca")) == set()


def test_a_proposal_that_the_lists_have_outrun(county: Desk) -> None:
    """The roster changes after the decision: the old proposal cannot be confirmed any more, the new one can."""
    uploaded(county)
    old, _ = decided(county)
    tables.roster(county.folder / "march2.csv", [*PEOPLE, OTHERS[5]])
    county.do("ca", "import", "march2.csv", "--as", "DIBAO_RURAL_PERSON", "--period", "2023-03", "--replace", "补报")
    new, found = decided(county)
    assert new != old
    assert found["S0005"]["reason"] == "COVERED_DIBAO"
    refused(county, "ca", ("intake", "confirm", old, "--by", "韦科员"), "E-PROPOSAL-STALE", 5)
    assert county.ask("ca", "intake", "confirm", new, "--by", "韦科员")["persons"] == 34


def test_a_list_put_back_is_decided_as_before(county: Desk) -> None:
    """Two proposals, and the first holds again: it is the newest then."""
    uploaded(county)
    first, _ = decided(county)
    tables.roster(county.folder / "other.csv", [*PEOPLE, OTHERS[5]])
    tables.roster(county.folder / "back.csv", [*PEOPLE[:59], tables.undated(PEOPLE[59])])
    for name in ("other.csv", "back.csv"):
        county.do("ca", "import", name, "--as", "DIBAO_RURAL_PERSON", "--period", "2023-03", "--replace", "改回")
        last, _ = decided(county)
    assert last == first
    assert county.ask("ca", "intake", "confirm", first, "--by", "韦科员")["persons"] == 35


def test_what_the_towns_answer_counts(county: Desk) -> None:
    """The town found one's income above the standard and one dead whom no funeral list knows; both reach the sender."""
    signed(county)
    proposal, _ = decided(county)
    county.do("ca", "intake", "confirm", proposal, "--by", "韦科员")
    said = [("收入已达标", "外出务工", "24000"), ("已死亡", "", ""), ("核实中", "", "")]
    lines = [
        {"户编号": f"H{at // 2:04d}", "人编号": f"S{at:04d}", "姓名": OTHERS[at].name, "证件号码": OTHERS[at].number, "核实结果": answer,
         "原因": why, "核实人均年收入（元）": income, "核实日期": "2023-04-12"}
        for at, (answer, why, income) in zip((10, 12, 14), said, strict=True)
    ]  # fmt: skip
    tables.write(county.folder / "towns.csv", lines)
    county.do("ca", "import", "towns.csv", "--as", "VERIFY_ANSWER", "--period", "2023-04")
    told = {each["subject"]: (each["answer"], each["check"]) for each in county.ask("ca", "intake", "outcomes")["outcomes"]}
    assert len(told) == SUBJECTS - 1
    assert told["S0010"] == ("INCOME_ABOVE", "CONFLICT"), "it contradicts the registration, and says so"
    assert told["S0012"] == ("DEAD", "NEEDS_SECOND_SOURCE")
    assert told["S0014"] == ("RECOGNISED_MARGIN", "OK")
    assert sum(answers(county).values()) == SUBJECTS - 1


def test_a_withdrawn_list_leaves_nothing_to_decide(county: Desk) -> None:
    signed(county)
    edition = county.ask("rur", "edition", "list")["editions"][0]["id"]
    county.do("rur", "edition", "recall", edition, "--reason", "导出有误")
    county.do("ca", "collect")
    refused(county, "ca", ("intake", "decide"), "E-INTAKE-NONE", 1)


def test_a_corrected_list_is_decided_anew(county: Desk) -> None:
    signed(county)
    first, found = decided(county)
    monitored(county.folder / "subjects2.csv", 风险是否消除="已消除", 风险消除时间="2023-03-20")
    county.do("rur", "import", "subjects2.csv", "--as", "MONITOR_PERSON", "--period", "2023-03", "--replace", "更正")
    county.do("rur", "publish", "--period", "2023-03", "--revise", "更正")
    county.do("ca", "collect")
    second, now = decided(county)
    last = f"S{SUBJECTS - 1:04d}"
    assert second != first
    assert (found[last]["outcome"], now[last]["reason"]) == ("CANDIDATE", "CLEARED_SAME_YEAR")
    assert len(now) == len(found)


def test_the_register_is_handed_out_as_a_workbook(county: Desk) -> None:
    import openpyxl

    signed(county)
    proposal, _ = decided(county)
    county.do("ca", "intake", "confirm", proposal, "--by", "韦科员")
    assert county.ask("ca", "registrations", "export", "register.xlsx")["persons"] == 35
    sheet = openpyxl.load_workbook(county.folder / "register.xlsx").worksheets[0]
    cells = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]
    assert {who.number for who in OTHERS[5:]} <= set(cells)
    assert PEOPLE[0].number not in cells


def test_what_becomes_due_from_a_funeral_list(county: Desk) -> None:
    deaths = [{"逝者姓名": who.name, "身份证号码": who.number, "性别": "男" if who.male else "女", "死亡日期": "2023-03-05",
               "火化日期": "2023-03-07", "火化地点": "县殡仪馆"} for who in (PEOPLE[0], tables.person(90))]  # fmt: skip
    tables.write(county.folder / "deaths.csv", deaths)
    county.do("ca", "import", "deaths.csv", "--as", "DEATH", "--period", "2023-03")
    found = county.ask("ca", "cases", "--records", "cases.jsonl")
    assert found["total"] >= 1
    text = (county.folder / "cases.jsonl").read_text("utf-8")
    assert PEOPLE[0].number in text
    assert PEOPLE[0].number not in str(found)
