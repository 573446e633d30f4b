"""The columns of each list as its file has them: header (upper level, lower level) and the cell under it."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from gateway.demo.county.cells import members, own_date, own_id, own_name, typed_yuan, word, yes, yuan
from gateway.demo.county.draws import Draws
from gateway.demo.county.place import Place

Header = tuple[str, str]
Column = tuple[Header, pl.Expr]


def columns(code: str, draws: Draws, place: Place) -> list[Column]:
    """Headers and cells of a list, from its canonical columns, `pid` and `_defect`."""
    return _LAYOUTS[code](code, draws, place)


def _plain(header: str, field: str) -> Column:
    return ("", header), pl.col(field)


def _one(header: str, cell: pl.Expr) -> Column:
    return ("", header), cell


def _among(draws: Draws, header: str, words: tuple[str, ...]) -> Column:
    """A column that no list carries; filled, since real files are."""
    return ("", header), draws.pick(header, pl.col("pid"), words)


def _nothing(header: str) -> Column:
    return ("", header), pl.lit(None, dtype=pl.String)


def _region(place: Place, cut: int = 3) -> list[Column]:
    names = ((place.province, "所属省"), (place.city, "所属市"), (place.name, "所属区"))
    return [_one(header, pl.lit(name)) for name, header in names[:cut]] + [_plain("所属街", "town"), _plain("所属社", "village")]


def _nation(draws: Draws) -> Column:
    return _among(draws, "民族", ("布依族", "水族", "汉族", "苗族", "瑶族"))


def _dibao_person(code: str, draws: Draws, place: Place) -> list[Column]:
    age = pl.lit(2023) - pl.col("birth_date").str.slice(0, 4).cast(pl.Int64)
    return [
        _one("姓名", own_name(code, draws)), _one("身份证号", own_id(code, draws)), _plain("户主身份证号", "head_id"),
        _one("与户主关系", word("relation")), _one("性别", word("sex")), _plain("出生日期", "birth_date"), _one("年龄", age),
        _nation(draws),
        _among(draws, "婚姻状况", ("已婚", "未婚", "丧偶")), _among(draws, "文化程度", ("小学", "初中", "文盲", "高中")),
        _one("政治面貌", pl.lit("群众")),
        _plain("就业状况", "employment"), _one("年收入（元）", 2000 + draws.below("yearly", pl.col("pid"), 4000)),
        _one("是否残疾人", yes("disabled")),
        _plain("残疾证号", "disability_cert_no"), _one("残疾类别", word("disability_type")), _one("残疾等级", word("disability_level")),
        _nothing("患病病种"), _one("劳动能力", word("labour_ability")), _among(draws, "健康状况", ("健康", "慢性病", "一般")),
        _one("参保类型", pl.lit("城乡居民基本医疗保险")), _one("最初享受月份", own_date(code)),
        _among(draws, "是否建档立卡扶贫对象", ("是", "否")),
        _one("开户银行", pl.lit("荔波农村商业银行")), _plain("银行账户名称", "name"), _plain("银行帐号", "bank_account"),
        _one("救助类型", word("category")), _one("户月保障金额（元）", yuan("household_amount")),
        _one("人员分类施保金额（元）", yuan("class_amount")), _one("合计（元）", yuan("total_amount")),
        _plain("在读学校名称", "school_name"),
        _nothing("学校性质"), _nothing("入学时间"), _nothing("在职单位名称"), _nothing("单位性质"), _nothing("单位地点"),
        _plain("备注", "remark"),
        *_region(place), _plain("家庭地址", "address"), _plain("低保（特困）证号", "cert_no"),
    ]


def _dibao_household(code: str, draws: Draws, place: Place) -> list[Column]:
    return [
        _one("户主姓名", own_name(code, draws)), _one("户主身份证号", own_id(code, draws)), _plain("家庭人口数", "household_size"),
        _plain("保障人口数", "covered_size"), _one("家庭年总收入（元）", yuan("income_year")),
        _one("家庭年均收入（元）", yuan("income_per_capita")),
        _one("户月保障金额（元）", yuan("household_amount")), _one("家庭分类施保总额（元）", yuan("class_household")),
        _one("人员分类施保总额（元）", yuan("class_person")), _one("合计（元）", yuan("total_amount")), _plain("联系电话", "phone"),
        _plain("家庭住址", "address"), *_region(place), _plain("低保（特困）证号", "cert_no"), _one("最初享受月份", own_date(code)),
        _plain("申请原因", "reason"), _one("救助金计算方式", pl.lit("补差")), _among(draws, "分档类型", ("A类", "B类", "C类")),
        _plain("开户银行", "bank_name"), _plain("银行账户名称", "bank_account_name"), _plain("银行帐号", "bank_account"),
        _plain("一卡通账号", "bank_account"), _among(draws, "拥有产权住房套数", ("0", "1")),
        _among(draws, "住房总面积（平方米）", ("46", "60", "80", "94")), _among(draws, "金融资产总额（元）", ("0", "500", "1200")),
        _one("其他家庭财产情况", pl.lit("无")), _one("家庭成员姓名", members("name")), _one("家庭成员身份证号", members("id_number")),
    ]


def _tekun(code: str, draws: Draws, place: Place) -> list[Column]:
    del place
    payee = pl.coalesce("institution", "name")
    return [
        _one("序号", pl.int_range(1, pl.len() + 1)), _one("姓名", own_name(code, draws)), _one("性别", word("sex")),
        _one("身份证号", own_id(code, draws)), _plain("出生日期", "birth_date"), _nation(draws), _one("供养方式", word("support_mode")),
        _plain("供养机构", "institution"), _one("户籍类型", pl.lit("农业")), _one("户籍住址", pl.concat_str("town", "village")),
        _plain("所属街", "town"), _plain("所属社", "village"), _plain("村居代码", "village_code"), _one("生活自理能力", word("selfcare")),
        _among(draws, "健康状况", ("健康", "慢性病", "一般")), _one("是否残疾人", yes("disabled")),
        _plain("残疾证号", "disability_cert_no"),
        _one("残疾类别", word("disability_type")), _one("残疾等级", word("disability_level")),
        _one("基本生活总费用（元）", yuan("basic_amount")),
        _one("照料护理总费用（元）", yuan("care_amount")), _plain("照料人姓名", "carer_name"), _plain("照料人身份证号", "carer_id"),
        _plain("联系电话", "phone"), _one("最初享受月份", own_date(code)), _plain("低保（特困）证号", "cert_no"),
        _one("开户银行", pl.lit("荔波农村商业银行")), _one("银行账户名称", payee), _plain("银行帐号", "bank_account"),
        _one("电表号", (3_000_000_000 + draws.below("meter", pl.col("pid"), 10**9)).cast(pl.String).str.zfill(11)),
        _plain("备注", "remark"),
    ]


def _margin_household(code: str, draws: Draws, place: Place) -> list[Column]:
    return [
        _one("户主姓名", own_name(code, draws)), _one("户主身份证号", own_id(code, draws)), _plain("保障人口", "covered_size"),
        _plain("申请原因", "reason"), _plain("户籍类型", "hukou_type"), _plain("联系电话", "phone"), _plain("家庭住址", "address"),
        *_region(place), _one("纳入月份", own_date(code)), _one("家庭成员姓名", members("name")),
        _one("家庭成员身份证号", members("id_number")),
    ]


def _margin_person(code: str, draws: Draws, place: Place) -> list[Column]:
    return [
        _one("姓名", own_name(code, draws)), _one("身份证", own_id(code, draws)), _plain("户主身份证号", "head_id"),
        _one("与户主关系", word("relation")), _one("性别", word("sex")), _nation(draws),
        _among(draws, "文化程度", ("小学", "初中", "文盲", "高中")),
        _among(draws, "健康状况", ("健康", "慢性病", "一般")), _one("劳动能力", word("labour_ability")), _plain("就业状况", "employment"),
        _one("月收入（元）", yuan("income_month")), _among(draws, "是否属脱贫享受政策人口", ("是", "否")),
        _one("是否残疾人", yes("disabled")),
        _plain("残疾证号", "disability_cert_no"), _one("纳入月份", own_date(code)), *_region(place), _plain("备 注", "remark"),
    ]


def _child(code: str, draws: Draws, place: Place) -> list[Column]:
    del place

    def of(group: str, *pairs: Column) -> list[Column]:
        return [((group, header[1]), cell) for header, cell in pairs]

    parents = [of(group, _plain("姓名", f"{who}_name"), _plain("身份证号", f"{who}_id"), _plain("情况", f"{who}_reason"))
               for group, who in (("父亲", "father"), ("母亲", "mother"))]
    return [
        _one("序号", pl.int_range(1, pl.len() + 1)),
        *of("儿童基本信息", _one("姓名", own_name(code, draws)), _one("身份证号", own_id(code, draws)), _plain("电话", "phone"),
            _nation(draws),
            _one("性别", word("sex")), _plain("乡镇", "town"), _plain("村（居）", "village"), _plain("户口地址", "address"),
            _plain("健康状况", "health"), _one("就学情况", yes("student", "在读", "未就学")), _one("上报类型", word("category")),
            _one("纳入月份", own_date(code))),
        *parents[0], *parents[1],
        *of("监护人", _plain("姓名", "guardian_name"), _plain("身份证号", "guardian_id"), _plain("与儿童关系", "guardian_relation")),
        _plain("领取人（开户人）", "payee_name"), _plain("领取人与儿童关系", "payee_relation"),
        _one("银行账号", pl.format("629999{}", draws.below("child account", pl.col("pid"), 10**13).cast(pl.String).str.zfill(13))),
        _one("保障标准（元/月）", typed_yuan("standard_amount", draws)), _plain("备注", "remark"),
    ]


def _retiree(code: str, draws: Draws, place: Place) -> list[Column]:
    del place
    return [
        _one("序号", pl.int_range(1, pl.len() + 1)), _one("姓名", own_name(code, draws)), _one("性别", word("sex")),
        _one("身份证号码", own_id(code, draws)), _nation(draws), _plain("精减前单位", "former_unit"), _plain("参加工作时间", "work_start"),
        _plain("精减时间", "retired_on"), _plain("救济类型", "relief_type"), _one("月标准（元）", yuan("monthly_amount")),
        _one("开户行", pl.lit("荔波农村商业银行")), _plain("银行卡号", "bank_account"), _plain("联系电话", "phone"),
        _plain("家庭住址", "address"),
        _plain("村居代码", "village_code"), _plain("备注", "remark"),
    ]


def _monitor(code: str, draws: Draws, place: Place) -> list[Column]:
    cause = _among(draws, "致贫原因1", ("因病", "因残", "因学", "缺劳力"))
    phone = pl.format("199000{}", draws.below("monitor phone", pl.col("pid"), 100_000).cast(pl.String).str.zfill(5))
    cleared = yes("risk_cleared", "已消除", "未消除")
    return [
        _one("县", pl.lit(place.name)), _plain("乡", "town"), _plain("行政村", "village"),
        _among(draws, "自然村", ("一组", "二组", "三组", "四组")),
        _plain("户编号", "household_no"), _plain("人编号", "person_no"), _one("姓名", own_name(code, draws)),
        _one("证件号码", own_id(code, draws)),
        _plain("人数", "household_size"), _one("与户主关系", word("relation")), _nation(draws),
        _among(draws, "文化程度", ("小学", "初中", "文盲", "高中")), _one("在校生状况", yes("student", "在校", "非在校生")),
        _among(draws, "健康状况", ("健康", "慢性病", "残疾")), _plain("劳动技能", "labour_skill"),
        _one("务工时间（月）", draws.below("months away", pl.col("pid"), 11)), _one("是否参加大病保险", pl.lit("是")), cause,
        _one("危房户", pl.lit("否")), _one("是否解决安全饮用水", pl.lit("是")), _one("人均纯收入", yuan("income_per_capita")),
        _one("户联系电话", phone), _one("人联系电话", phone), _plain("首次识别时间", "first_identified_on"),
        _plain("人员识别时间", "person_identified_on"), _among(draws, "户类型", ("一般农户", "脱贫户")),
        _one("监测对象类型", word("monitor_type")),
        _one("风险是否消除", cleared), _one("风险识别时间", own_date(code)), _plain("风险消除时间", "risk_cleared_on"),
        _plain("户籍所在县", "hukou_county"), _plain("备注", "remark"),
    ]


def _death(code: str, draws: Draws, place: Place) -> list[Column]:
    del place
    return [
        _one("逝者姓名", own_name(code, draws)), _one("性别", word("sex")), _one("身份证号码", own_id(code, draws)),
        _plain("死亡日期", "death_date"),
        _plain("火化日期", "cremation_date"), _plain("火化地点", "place"), _plain("登记日期", "cremation_date"), _plain("备注", "remark"),
    ]


def _exit(code: str, draws: Draws, place: Place) -> list[Column]:
    del place
    return [
        _one("原救助类型", word("category")), _one("姓名", own_name(code, draws)), _one("身份证号", own_id(code, draws)),
        _one("与户主关系", word("relation")), _plain("户主姓名", "head_name"), _plain("户主身份证号", "head_id"), _plain("乡镇", "town"),
        _plain("村", "village"), _plain("退出月份", "exit_month"), _plain("退出原因", "reason_text"),
    ]


def _taper(code: str, draws: Draws, place: Place) -> list[Column]:
    del place
    return [
        _one("序号", pl.int_range(1, pl.len() + 1)), _plain("乡镇", "town"), _plain("村", "village"),
        _one("户主姓名", own_name(code, draws)),
        _one("户主身份证号", own_id(code, draws)), _plain("家庭人口", "household_size"), _plain("就业人员姓名", "worker_name"),
        _plain("就业人员身份证号", "worker_id"), _plain("渐退原因", "cause_text"), _plain("渐退起始月", "start_month"),
        _one("家庭人均月收入（元）", yuan("income_per_capita")),
    ]


def _change(code: str, draws: Draws, place: Place) -> list[Column]:
    del place
    return [
        _one("序号", pl.int_range(1, pl.len() + 1)), _one("变更类型", word("change_type")), _one("保障类别", word("category")),
        _one("姓名", own_name(code, draws)), _one("身份证号", own_id(code, draws)), _plain("原身份证号", "old_id_number"),
        _plain("户主姓名", "head_name"), _plain("户主身份证号", "head_id"), _plain("原乡镇村", "old_place"),
        _plain("现乡镇村", "new_place"),
        _plain("变更原因", "reason_text"), _plain("生效月", "effective_month"), _one("经办人", pl.lit("某某")),
    ]


_LAYOUTS: dict[str, Callable[[str, Draws, Place], list[Column]]] = {
    "DIBAO_RURAL_PERSON": _dibao_person, "DIBAO_RURAL_HOUSEHOLD": _dibao_household, "DIBAO_URBAN_PERSON": _dibao_person,
    "TEKUN_PERSON": _tekun, "MARGIN_HOUSEHOLD": _margin_household, "MARGIN_PERSON": _margin_person, "CHILD": _child,
    "RETIREE": _retiree, "MONITOR_PERSON": _monitor, "DEATH": _death, "EXIT_REGISTER": _exit, "TAPER": _taper, "CHANGE_LIST": _change,
}
