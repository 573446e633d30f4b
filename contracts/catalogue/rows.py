"""What a reader says about a cell or a row. `{column}` is the header of the column; texts never hold a cell's value."""

from __future__ import annotations

from contracts.catalogue.entry import Entry


def _error(code: str, zh: str, en: str, fix_zh: str, fix_en: str) -> Entry:
    return Entry(code, 1, 422, zh, en, fix_zh, fix_en)


def _warning(code: str, zh: str, en: str, fix_zh: str, fix_en: str) -> Entry:
    return Entry(code, 0, 200, zh, en, fix_zh, fix_en, "warning")


_AS_TEXT = ("请把整列设为“文本”格式，再按证件原件重新录入", "Format the whole column as Text, then enter it again from the document")
_BY_DOCUMENT = ("请对照证件原件改正", "Correct it from the document itself")

ENTRIES = (
    _error("E-REQ",
        "{column}不能为空", "{column} is empty", "请补填", "Fill it in"),
    _error("E-ID-NUM",
        "{column}存成了数字，末几位已经丢失", "{column} is stored as a number; its last digits are lost", *_AS_TEXT),
    _error("E-ID-CHAR",
        "{column}含有数字和末位 X 以外的字符", "{column} holds characters other than digits and a final X", *_BY_DOCUMENT),
    _error("E-ID-15",
        "{column}是 15 位的旧号码", "{column} is an old 15-digit number", "请填写现在的 18 位号码，不要自行补位",
        "Enter the present 18-character number; do not extend the old one yourself"),
    _error("E-ID-LEN",
        "{column}应为 18 位，现为 {length} 位", "{column} must have 18 characters, found {length}", *_BY_DOCUMENT),
    _error("E-ID-CHK",
        "{column}校验码不对", "The check digit of {column} is wrong", *_BY_DOCUMENT),
    _error("E-ID-BIRTH",
        "{column}里的出生日期不存在或晚于本月月末", "The birth date inside {column} does not exist or lies after the month's end",
        *_BY_DOCUMENT),
    _error("E-ID-DUP",
        "{column}与 {other} 重复", "{column} repeats {other}", "请核实后删除多余的一行，或改正号码",
        "Find out which row is right; delete the other or correct its number"),
    _error("E-DATE",
        "{column}不是能读懂的日期", "{column} is not a readable date", "请写成 2023-03-05 或 2023-03 的样子",
        "Write it like 2023-03-05 or 2023-03"),
    _error("E-AMOUNT",
        "{column}不是有效的数", "{column} is not a valid number", "请只填数字，不填负数和文字",
        "Enter digits only, neither negative nor words"),
    _error("E-DICT",
        "{column}的内容不在字典内；可填：{suggestion}", "{column} is not in the list. Allowed: {suggestion}", "请从可填的内容中选一个",
        "Choose one of the allowed words"),
    _error("E-CELL",
        "{column}是错误值（如 #N/A）", "{column} is an error value such as #N/A", "请填入正确的内容", "Enter the right value"),
    _error("E-FILE-FORMULA",
        "{column}是公式", "{column} holds a formula", "请复制后“选择性粘贴 → 数值”", "Copy it and paste it as a value"),
    _error("E-CERT",
        "{column}位数不足 20 位", "{column} has fewer than 20 characters", "请对照残疾人证补全", "Complete it from the certificate"),
    _error("E-ACCT-NUM",
        "{column}成了科学计数法，末几位已经丢失", "{column} is in scientific notation; its last digits are lost", *_AS_TEXT),
    _warning("W-SEX",
        "{column}与身份证号第 17 位不一致", "{column} disagrees with digit 17 of the ID number", "请核对，值按填报保留",
        "Check it; the value stays as filed"),
    _warning("W-BIRTH",
        "{column}与身份证号里的出生日期不一致", "{column} disagrees with the birth date in the ID number", "请核对，值按填报保留",
        "Check it; the value stays as filed"),
    _warning("W-CERT",
        "{column}与残疾证号对不上", "{column} does not agree with the certificate number", "请核对残疾人证",
        "Check it against the certificate"),
    _warning("W-HEAD",
        "{column}在本表中没有对应的人", "{column} is nobody's number in this list", "请核对户主是否漏报或号码有误",
        "Check whether the head is missing or the number wrong"),
    _warning("W-SIZE",
        "{column}为 {size}，实际列出 {count} 人", "{column} says {size}, {count} persons are listed", "请核对人口数", "Check the size"),
    _warning("W-MULTI",
        "{column}与姓名个数不同，无法对应，成员未采用", "{column} and the names differ in number; the members were not taken",
        "请让姓名与身份证号一一对应", "Give one number for each name"),
    _warning("W-MEMBER-ID",
        "{column}不是有效的身份证号，未采用", "{column} is not a valid ID number and was not taken", *_BY_DOCUMENT),
    _warning("W-AREA",
        "行政区划代码表中查不到：{column}", "Not found in the area table: {column}", "请核对村居名称、代码，或导入最新的行政区划代码表",
        "Check the name or code, or import the newest area table"),
    _warning("W-DATE",
        "{column}{zh}", "{column} {en}", "请核对后写成 2023-03-05 或 2023-03 的样子", "Check it and write it like 2023-03-05 or 2023-03"),
    _warning("W-AMOUNT",
        "{column}约为上月的 100 倍", "{column} is about a hundred times last month's", "请确认金额单位",
        "Confirm the unit of the amount"),
    _warning("W-TEXT-ID",
        "{column}里夹有身份证号，该备注未采用", "{column} contains an ID number; the remark was not taken", "请删去号码",
        "Remove the number"),
    _warning("W-NO-ID",
        "{column}为空", "{column} is empty", "新生儿等请尽快补录", "Complete it as soon as there is one"),
    _warning("W-NO-ANSWER",
        "{column}没有填写结果", "{column} has no answer", "请填写核实结果", "Enter the result"),
    _warning("W-ORDER",
        "标为单人保的行应放在最上面，并在备注写“单人保”", "A row marked 单人保 belongs on top, with the remark 单人保",
        "请调整行的顺序或备注", "Move the row or mend the remark"),
    _warning("W-HIDDEN",
        "{column}被隐藏", "{column} is hidden", "请取消隐藏并确认是否应当上报", "Unhide it and make sure that it belongs here"),
    _warning("E-FILE-COL",
        "不认识的列：{column}，不读取", "Unknown column {column}; it is not read",
        "如需要请改成模板中的列名，或用 gateway lists map 指明它是哪一项",
        "If it is needed rename it as in the template, or say what it is with gateway lists map"),
    Entry("I-FIXED", 0, 200,
        "{column}的写法已自动更正", "The writing of {column} was corrected", "无需处理，可在标注版中查看",
        "Nothing to do; the annotated file shows it", "fixed"),
)
