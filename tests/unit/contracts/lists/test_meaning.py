"""What headers say in other counties' words, and what they must not be taken for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.lists import load_lists
from contracts.lists.aliases import meanings_of
from contracts.lists.headers import Match, canonical_path, match
from contracts.lists.layouts import Layout, settled
from contracts.lists.meaning import sense
from contracts.lists.profile import Values
from contracts.lists.units import Unit, unit_of_title

IDS = Values(("522722199001019004", "52272219880203901X"), (40, 40))
NAMES = Values(("韦某某", "蒙某"), (40, 40))
MONTHS = Values(("2021-03", "2022年5月"), (50, 30))
DAYS = Values(("2021-03-05", "2022/5/1"), (50, 30))
PHONES = Values(("19900000001",), (9,))
ACCOUNTS = Values(("6299990000000000001",), (9,))
COUNTS = Values(("3", "1"), (9, 9))
AMOUNTS = Values(("735", "1295.00"), (9, 9))
NOTHING = Values((), ())


Headers = Mapping[str, Values] | Mapping[tuple[str, ...], Values] | Sequence[str | tuple[str, ...]]


def taken(code: str, headers: Headers, **more: object) -> Match:
    """Headers of one or several levels, with the values below them, held against a list."""
    levels = [h if isinstance(h, tuple) else (h,) for h in headers]
    below = list(headers.values()) if isinstance(headers, Mapping) else [NOTHING] * len(levels)
    values: Callable[[int], Values] = below.__getitem__
    return match([canonical_path(each) for each in levels], load_lists()[code], values, texts=levels, **more)  # type: ignore[arg-type]  # by keyword


@pytest.mark.parametrize(
    ("levels", "role", "concept"),
    [
        (("公民身份号码",), "", "id"),
        (("户主公民身份证号码",), "head", "id"),
        (("照护人证件号码",), "carer", "id"),
        (("父亲情况", "姓名"), "father", "name"),
        (("父亲姓名",), "father", "name"),
        (("残疾信息", "类别"), "", "disability-type"),
        (("银行信息", "账号"), "", "bank-account"),
        (("领取人与儿童关系",), "payee", "relation-to-child"),
        (("监护人", "与儿童关系"), "guardian", "relation-to-child"),
        (("享受低保起始日期",), "", "start"),
        (("3. 户主姓名",), "head", "name"),
        (("经办人姓名",), "operator", "name"),
        (("配偶身份证号",), "spouse", "id"),
    ],
)
def test_what_a_header_says_first(levels: tuple[str, ...], role: str, concept: str) -> None:
    first = sense(levels).meanings[0]
    assert (first.role, first.concept) == (role, concept)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("家庭年总收入（万元）", Unit(10_000)),
        ("月救济标准(元/月)", Unit(1, "月")),
        ("人均收入（元/人·年）", Unit(1, "年")),
        ("余额/千元", Unit(1_000)),
        ("年人均收入（核实后，万元）", Unit(10_000)),
        ("万元家庭年收入", Unit(10_000)),
        ("姓名", None),
    ],
)
def test_the_unit_in_a_header(text: str, unit: Unit | None) -> None:
    assert sense((text,)).unit == unit


def test_the_unit_in_a_line_above() -> None:
    assert unit_of_title("2023年3月  单位：万元") == Unit(10_000)
    assert unit_of_title("填报单位：某镇") is None


@pytest.mark.parametrize("code", sorted(load_lists()))
def test_no_two_fields_of_a_list_mean_the_same(code: str) -> None:
    seen: dict[tuple[str, str], tuple[str, str]] = {}
    for field, means in meanings_of(code).items():
        assert means, field
        for one in means:
            assert seen.setdefault(one, field) == field, one


def test_another_persons_columns_are_not_the_rows_own() -> None:
    """The traps of real forms: a number or a name that belongs to somebody else beside the row's own."""
    found = taken("DIBAO_RURAL_PERSON", ["对象姓名", "证件号码", "经办人姓名", "配偶身份证号", "核查人身份证号", "紧急联系人电话", "户主"])
    assert found.fields == {"name": 0, "id_number": 1}
    assert {2, 3, 4, 5} <= set(found.unknown)


def test_three_dates_of_identification_are_kept_apart() -> None:
    found = taken("MONITOR_PERSON", ["姓名", "证件号码", "首次识别日期", "人员识别日期", "风险识别日期", "识别时间"])
    assert {f: c for f, c in found.fields.items() if f.endswith("_on")} == {
        "first_identified_on": 2, "person_identified_on": 3, "risk_identified_on": 4,
    }  # fmt: skip
    assert 5 in found.unknown


def test_a_day_and_a_month_of_the_same_words_are_told_by_their_values() -> None:
    words = {"客户姓名": NAMES, "客户身份证号": IDS, "发放年月": MONTHS, "发放时间": DAYS}
    assert taken("PAYMENT_RESULT", words).fields == {"recipient_name": 0, "recipient_id": 1, "period": 2, "paid_on": 3}


def test_an_income_of_a_year_is_not_taken_for_one_of_a_month() -> None:
    assert "income_month" not in taken("MARGIN_PERSON", {"姓名": NAMES, "身份证": IDS, "年收入（元）": AMOUNTS}).fields
    assert "income_per_capita" not in taken("DIBAO_RURAL_HOUSEHOLD", {"户主姓名": NAMES, "家庭人均收入（元/月）": AMOUNTS}).fields
    assert "income_per_capita" in taken("DIBAO_RURAL_HOUSEHOLD", {"户主姓名": NAMES, "家庭人均收入（元/年）": AMOUNTS}).fields


def test_values_speak_against_a_header() -> None:
    """A column called 身份证号 that holds telephone numbers is not read as one."""
    found = taken("DEATH", {"逝者姓名": NAMES, "公民身份证号码(逝者)": PHONES, "亡者证件号": IDS})
    assert found.fields["id_number"] == 2


def test_of_two_columns_that_could_be_it_the_nearer_words_win_and_the_other_is_named() -> None:
    found = taken("RETIREE", {"姓名": NAMES, "身份证号": IDS, "社保卡号": Values(("G12345678",), (9,)), "领取银行账号": ACCOUNTS})
    assert found.fields["bank_account"] == 3
    assert found.unknown == (2,)


def test_what_only_could_be_is_offered_and_not_taken() -> None:
    found = taken("DIBAO_RURAL_PERSON", {"姓名": NAMES, "身份证号": IDS, "户籍地址": NOTHING, "类型": PHONES})
    assert "category" not in found.fields
    assert "category" in [reason.field for reason in found.doubts[3]]


def test_two_groups_of_the_same_words_before_and_after() -> None:
    for before, after in (("复核前", "复核后"), ("调整前", "调整后"), ("上季度", "本季度"), ("年审前", "年审后")):
        pairs: dict[tuple[str, ...], Values] = {}
        pairs |= {(group, words): values for group in (after, before) for words, values in (("人数", COUNTS), ("月保障金（元）", AMOUNTS))}
        found = taken("REVIEW_DIBAO", {("姓名",): NAMES, ("身份证号",): IDS, **pairs})
        assert (found.fields["covered_after"], found.fields["amount_after"]) == (2, 3)
        assert (found.fields["covered_before"], found.fields["amount_before"]) == (4, 5)


def test_amounts_carry_their_unit() -> None:
    found = taken("DIBAO_RURAL_HOUSEHOLD", ["户主姓名", "户主身份证号", "家庭年总收入（万元）", "户月保障金额（元）"])
    assert found.yuan == {2: 10_000}
    above = taken("DIBAO_RURAL_HOUSEHOLD", ["户主姓名", "户主身份证号", "家庭年总收入", "户月保障金额（元）"], unit=Unit(10_000))
    assert above.yuan == {2: 10_000}


def test_what_a_person_has_settled_comes_before_other_words_and_only_for_that_sender() -> None:
    headers = ["姓名", "身份证号", "代号", "住址", "电话"]
    layout = Layout("DIBAO_RURAL_PERSON", tuple(headers), {"代号": "cert_no", "电话": ""})
    fields = settled([layout], "DIBAO_RURAL_PERSON", headers)
    found = taken("DIBAO_RURAL_PERSON", headers, settled=fields)
    assert found.fields["cert_no"] == 2
    assert found.reasons[2].how == "settled"
    assert found.known == (4,)
    assert settled([layout], "DIBAO_RURAL_PERSON", ["姓名", "身份证号", "代号", "单位"]) == {}
    assert settled([layout], "DEATH", headers) == {}
    assert settled([layout], "DIBAO_RURAL_PERSON", [*headers, "备注"]) == layout.fields


def test_the_newest_layout_of_a_sender_counts() -> None:
    headers = ["姓名", "身份证号", "代号"]
    old, new = (Layout("DEATH", tuple(headers), {"代号": field}) for field in ("place", ""))
    assert settled([new, old], "DEATH", headers) == {"代号": ""}
    assert old.digest != new.digest
    assert new.digest == Layout("DEATH", tuple(reversed(headers)), {"代号": ""}).digest


@given(st.text(max_size=12), st.integers(0, 12), st.sampled_from([" ", "\n", "\u3000", "\u200b"]))
def test_a_header_means_what_it_means_however_it_is_spaced_or_set_wide(text: str, at: int, gap: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    assert sense((text[:at] + gap + text[at:],)) == sense((text,)) == sense((wide,))


WORDS = ["姓名", "身份证号", "户主", "电话", "备注", "合计", "乡镇", "村", "金额", "类别", "时间", "原因", "意见", ""]


@given(st.lists(st.sampled_from(WORDS), max_size=14))
def test_no_column_is_two_fields_and_no_field_two_columns(words: list[str]) -> None:
    for code in load_lists():
        found = match([canonical_path([w]) for w in words], load_lists()[code])
        columns = [*found.fields.values(), *found.partners.values(), *found.known, *found.unknown]
        assert len(set(columns)) == len(columns)
        assert set(columns) == {c for c, w in enumerate(words) if w}


def test_the_rows_own_person_by_structure_where_his_name_is_unknown() -> None:
    """`P姓名` and `P证件号码` of somebody whom no dictionary knows are the row's own, if there is one such pair; of two nobody can tell."""
    found = taken("EXIT_REGISTER", {"离保户姓名": NAMES, "离保户证件号码": IDS, "经办人姓名": NAMES, "退出月份": MONTHS})
    assert (found.fields["name"], found.fields["id_number"]) == (0, 1)
    both = {"离保户姓名": NAMES, "离保户证件号码": IDS, "丁方姓名": NAMES, "丁方证件号码": IDS}
    assert not {"name", "id_number"} & set(taken("EXIT_REGISTER", both).fields)
    wrong = taken("EXIT_REGISTER", {"离保户姓名": NAMES, "离保户证件号码": PHONES})
    assert "id_number" not in wrong.fields


def test_a_stranger_is_never_the_rows_own_for_want_of_another() -> None:
    for group in ("护理员", "某某方", "村级服务专员"):
        words = {("姓名",): NAMES, (group, "姓名"): NAMES, (group, "身份证号"): IDS, ("供养方式",): NOTHING}
        found = taken("TEKUN_PERSON", words)
        assert "id_number" not in found.fields, group


def test_several_people_of_equal_headers_are_not_told_apart_by_guessing() -> None:
    found = taken("CHILD", ["姓名", "身份证号", "姓名", "身份证号"])
    assert found.fields == {}


def test_an_opinion_of_another_level_is_not_the_towns() -> None:
    found = taken("REVIEW_LOWINCOME", ["姓名", "身份证号", ("村级意见", "复核意见"), ("乡镇复核意见", "乡镇意见")])
    assert found.fields["opinion"] == 3


NO_GUESS = [
    ("TAPER", "渐退结束月份", "start_month"),
    ("TAPER", "渐退止月", "start_month"),
    ("MARGIN_PERSON", "认定截止年月", "start_month"),
    ("DISABILITY", "有效期起", "valid_to"),
    ("PAYMENT_RESULT", "付款账号", "account_no"),
    ("PAYMENT_RESULT", "银行联行号", "account_no"),
    ("PAYMENT_RESULT", "退票日期", "fail_reason"),
    ("PAYMENT_RESULT", "未发金额（元）", "fail_reason"),
    ("TEKUN_PERSON", "敬老院入住时间", "institution"),
    ("EXIT_REGISTER", "停保审核时间", "exit_month"),
    ("DIBAO_RURAL_HOUSEHOLD", "月人均收入（元）", "income_per_capita"),
    ("DIBAO_RURAL_HOUSEHOLD", "上年收入（元）", "income_year"),
    ("REVIEW_DIBAO", "增减金额（元）", "change"),
]


@pytest.mark.parametrize(("code", "header", "field"), NO_GUESS)
def test_what_stands_near_a_field_is_not_taken_for_it_for_want_of_another(code: str, header: str, field: str) -> None:
    for values in (MONTHS, DAYS, ACCOUNTS, AMOUNTS, NAMES):
        assert field not in taken(code, {header: values}).fields
