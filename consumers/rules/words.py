"""What every code of the rules says to a person, in Chinese and English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from contracts.catalogue.entry import Language


@dataclass(frozen=True, slots=True)
class Words:
    """A code in words."""

    zh: str
    en: str

    def text(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


OUTCOMES: Mapping[str, Words] = {
    "CANDIDATE": Words("拟认定低保边缘", "to be recognised as low-income margin"),
    "NOT_APPLICABLE": Words("不属直接认定范围", "outside the direct recognition"),
    "NEEDS_REVIEW": Words("待人工核实", "needs a person's review"),
}
REASONS: Mapping[str, Words] = {
    "NEW_THIS_YEAR": Words("当年新增监测对象", "identified this year"),
    "RISK_OPEN_PRIOR_YEAR": Words("往年识别，风险尚未消除", "identified in an earlier year, risk not cleared"),
    "COVERED_DIBAO": Words("已享受最低生活保障", "covered by dibao"),
    "COVERED_TEKUN": Words("已享受特困人员救助供养", "covered as tekun"),
    "COVERED_ORPHAN": Words("已享受孤儿保障", "covered as an orphan"),
    "COVERED_DEFACTO": Words("已享受事实无人抚养儿童保障", "covered as a de-facto unattended child"),
    "RISK_CLEARED_PRIOR_YEAR": Words("往年识别，风险已消除", "identified in an earlier year, risk cleared"),
    "CLEARED_SAME_YEAR": Words("当年新增、当年已消除风险", "identified and cleared in the same year"),
    "RISK_DATE_MISSING": Words("缺少风险识别时间", "no date of risk identification"),
    "RISK_STATUS_UNKNOWN": Words("风险是否消除未填写", "the list does not say whether the risk is cleared"),
    "CONTRADICTION": Words("风险未消除却填有消除时间", "not cleared, but with a date of clearing"),
    "DATE_AFTER_AS_OF": Words("风险识别时间晚于核定日期", "identified after the day of decision"),
    "DEAD": Words("殡葬名单中有此人", "stands in the funeral list"),
    "ID_INVALID": Words("证件号码有误", "the ID number is invalid"),
    "ID_CLAIMED_TWICE": Words("同一证件号码出现在两户", "two households list the same ID number"),
    "OTHER_COUNTY": Words("户籍不在本县", "registered in another county"),
    "NO_ID": Words("尚无证件号码", "no ID number yet"),
    "COVERAGE_ROW_REJECTED": Words("在保名册中有一行可能是此人，但该行有误", "a roster row that may be this person was rejected"),
    "RULE_INACTIVE": Words("核定日期不在本规则的有效期内，请设定新的参数", "the rule has no parameters for this day; new ones are needed"),
    "ROW_REJECTED": Words("该行有误", "the row was rejected"),
    "ROSTER_MISSING": Words("当月在保名册不全，暂不认定", "a roster of the month is missing"),
}
FLAGS: Mapping[str, Words] = {
    "PARTIAL": Words("同户有人已在保", "others of the household are covered"),
    "UNMATCHED_MEMBER": Words("同户有人尚无证件号码", "another member has no ID number"),
    "TAPERING": Words("处于救助渐退期", "in delayed exit"),
    "ALREADY_MARGIN": Words("已是低保边缘", "already low-income margin"),
    "NOTICE_REVOKED": Words("死亡信息注明为误报", "the death notice was taken back"),
    "ROSTER_MISSING": Words("当月在保名册不全", "a roster of the month is missing"),
}
HOUSEHOLD_FLAGS: Mapping[str, Words] = {
    "SINGLE_PERSON": Words("同户仅一人享受低保（单人保）", "only one member is on dibao"),
    "HOUSEHOLD_GAP": Words("疑似户内漏保", "members of a dibao household are left out"),
}
CASES: Mapping[str, Words] = {
    "STOP": Words("拟停发（需第二来源佐证）", "payment to end, once a second source confirms"),
    "RECHECK": Words("需核查家庭状况", "household to be reviewed"),
    "NEEDS_REVIEW": Words("待人工核实", "needs a person's review"),
    "OTHER_CATEGORY": Words("非低保对象，按其类别办理", "another category than dibao"),
    "MONITOR_SUBJECT": Words("监测对象，不在保", "monitored, on no roster"),
    "NONE": Words("同名，非本人", "a namesake"),
    "CANDIDATE": Words("拟认定", "to be recognised"),
    "NOT_APPLICABLE": Words("不适用", "does not apply"),
    "TAPER": Words("救助渐退", "delayed exit"),
    "FAILED": Words("发放失败", "payment failed"),
    "LATE": Words("发放迟延", "paid late"),
    "REMIND": Words("提醒领取", "to be reminded to draw"),
    "ANALYSE": Words("分析研判、限时整改", "to be looked into"),
    "WHITELISTED": Words("正常（机构账户）", "normal: an institution's account"),
    "LEGITIMATE": Words("账户名不同，有正当理由", "another account name, for a good reason"),
    "REVIEW": Words("待核对", "to be looked at"),
    "CONFLICT": Words("重复享受，须择一", "on two rosters that exclude each other"),
    "DIFFERENCE_ONLY": Words("重复享受，只补差额", "on two rosters: only the difference is paid"),
    "NEW_HOUSEHOLD": Words("新增监测户", "a new monitoring household"),
    "NEW_PERSON": Words("监测户新增成员", "a new member of a monitoring household"),
    "ID_COMPLETED": Words("证件号码已补", "the ID number was added"),
    "ID_CORRECTED": Words("证件号码已更正", "the ID number was corrected"),
    "CLEARED": Words("风险已消除", "the risk is cleared"),
}
CASE_REASONS: Mapping[str, Words] = {
    "ONLY_COVERED_PERSON": Words("户内仅此一人在保", "the only covered person of the household"),
    "HEAD_DEAD": Words("户主死亡，次月变更户主和账户", "the head is dead: new head and account in the month after"),
    "MEMBER_DEAD": Words("家庭成员死亡", "a member of the household is dead"),
    "DEATH_DATE_MISSING": Words("缺少死亡日期", "no date of death"),
    "DEATH_AFTER_AS_OF": Words("死亡日期晚于核定日期", "died after the day of decision"),
    "NOTICE_REVOKED": Words("死亡信息注明为误报", "the death notice was taken back"),
    "NOTICE_ROW_REJECTED": Words("死亡名单该行有误", "the row of the funeral list was rejected"),
    "ID_INVALID_NAME_MATCH": Words("死亡名单号码有误，姓名相符、号码相近", "invalid number in the notice, name and number nearly match"),
    "ROSTER_ROW_REJECTED": Words("在保名册该行有误，姓名相符、号码相近", "rejected roster row, name and number nearly match"),
    "NAMESAKE": Words("同名不同号", "same name, another number"),
    "NAMESAKE_ID_UNREADABLE": Words("同名，死亡名单号码无法辨认", "same name, unreadable number in the notice"),
    "TEKUN": Words("特困人员", "tekun"),
    "ORPHAN": Words("孤儿", "orphan"),
    "DEFACTO_CHILD": Words("事实无人抚养儿童", "de-facto unattended child"),
    "MARGIN": Words("低保边缘家庭人口", "low-income margin"),
    "RETIREE_60S": Words("六十年代精减退职老职工", "retired in the 1960s"),
    "ON_DIBAO": Words("已享受低保", "on dibao"),
    "RECRUITED": Words("被机关、事业单位、国企录用", "hired by a state body"),
    "OTHER_WORK": Words("务工、就业或产业增收", "other work or industry"),
    "INCOME_NOT_ABOVE_STANDARD": Words("人均收入未超过低保标准", "income not above the dibao standard"),
    "TWO_CAUSES": Words("两种渐退原因并存", "two causes at once"),
    "CAUSE_NOT_IN_CLAUSE": Words("渐退原因不在文件所列之内", "a cause that the clause does not name"),
    "INCOME_MISSING": Words("未填人均收入", "no income given"),
    "STANDARD_UNKNOWN": Words("本县当月低保标准未设定", "the county's dibao standard is not set"),
    "START_MISSING": Words("未填渐退起始月", "no starting month"),
    "VALID_CERT": Words("残疾证有效", "a valid certificate"),
    "CERT_EXPIRED": Words("残疾证已过期", "the certificate has expired"),
    "CERT_SUSPENDED": Words("残疾证已冻结", "the certificate is suspended"),
    "CERT_CANCELLED": Words("残疾证已注销", "the certificate was cancelled"),
    "CERT_STATUS_UNKNOWN": Words("残疾证状态未填", "the certificate's state is not given"),
    "LEVEL_NOT_IN_CLAUSE": Words("残疾等级不在1至4级", "a level that the clause does not name"),
    "OPEN": Words("尚未补发", "not made good yet"),
    "CLOSED": Words("已补发", "made good"),
    "IDLE": Words("超过提醒时限未支取", "undrawn beyond the time to remind"),
    "IDLE_LONG": Words("半年以上未支取", "undrawn for half a year or more"),
    "LARGE_BALANCE": Words("结余较大", "a large balance"),
    "INSTITUTION_ACCOUNT": Words("供养机构账户", "an institution's account"),
    "BLANK_NAME": Words("账户名为空", "no account name"),
    "INSTITUTION": Words("供养机构账户", "an institution's account"),
    "DELEGATED": Words("委托代管", "kept for the recipient by agreement"),
    "MINOR_GUARDIAN": Words("未成年人，由监护人领取", "a minor, paid through a guardian"),
    "HOUSEHOLD_HEAD": Words("户主账户", "the account of the head of the household"),
    "SIMILAR_NAME": Words("姓名相差一字", "one character of the name differs"),
    "OTHER_PERSON": Words("他人账户", "another person's account"),
    "TWO_ROSTERS": Words("同时在两份名册", "on two rosters at once"),
    "NAMES_DIFFER": Words("号码相同、姓名不同", "one number, two names"),
    "DEAD": REASONS["DEAD"],
    "RULE_INACTIVE": REASONS["RULE_INACTIVE"],
}
ANSWERS: Mapping[str, Words] = {
    "ENTER_DIBAO": Words("纳入低保", "enters dibao"),
    "ENTER_TEKUN": Words("纳入特困", "becomes tekun"),
    "RECOGNISED_MARGIN": Words("认定为低保边缘", "recognised as low-income margin"),
    "TEMP_RELIEF": Words("临时救助", "temporary relief"),
    "REFERRED": Words("转介", "referred"),
    "INCOME_ABOVE": Words("收入已达标", "income above the standard"),
    "PROPERTY_FAILED": Words("财产不符合规定", "property does not fit"),
    "VERIFYING": Words("核实中", "being verified"),
    "NOT_IN_RULE": Words("不属直接认定范围", "outside the direct recognition"),
    "NOT_FOUND": Words("查无此人", "not found"),
    "DEAD": Words("已死亡", "dead"),
    "ALREADY_COVERED": Words("已在保", "already covered"),
}
CHECKS: Mapping[str, Words] = {
    "OK": Words("无异常", "nothing against it"),
    "INCOMPLETE": Words("有人未答复", "a person has no answer"),
    "REJECTED": Words("答复行有误", "the answer's row was rejected"),
    "NEEDS_SECOND_SOURCE": Words("需第二来源佐证", "needs a second source"),
    "CONFLICT": Words("与名册矛盾", "contradicts the rosters"),
}
CHECK_REASONS: Mapping[str, Words] = {
    "PERSON_WITHOUT_ANSWER": Words("此人未答复", "no answer for this person"),
    "NOT_IN_FUNERAL_LIST": Words("殡葬名单中无此人", "not in the funeral list"),
    "NOT_ON_ANY_ROSTER": Words("答复已在保，但各名册均无此人", "said to be covered, on no roster"),
    "ON_ROSTER": Words("答复查无此人，但名册中有此人", "said not to be found, but on a roster"),
    "REGISTERED": Words("已由两部门确认认定", "both bureaus confirmed a registration"),
    "ROW_REJECTED": REASONS["ROW_REJECTED"],
}
