"""Why a whole file is refused, and what is asked when it does not say enough."""

from __future__ import annotations

from contracts.catalogue.entry import Entry

ENTRIES = (
    Entry("E-FILE-EMPTY", 1, 422,
        "文件是空的，或只有表头", "The file is empty or has headers only", "如本月确无对象，请在表中写明“本月无新增”之类的零报告",
        "If there is nobody this month, say so in the file (零报告)"),
    Entry("E-FILE-CORRUPT", 1, 422,
        "文件已损坏，打不开", "The file is damaged and cannot be opened", "请重新导出或另存一份再试",
        "Export or save it again and retry"),
    Entry("E-FILE-PWD", 1, 422,
        "文件设有密码", "The file is protected by a password", "请在 WPS 或 Excel 中取消密码后再试", "Remove the password and try again"),
    Entry("E-FILE-TYPE", 1, 422,
        "内容不是 .xlsx、.xls 或 .csv 表格", "The content is not an .xlsx, .xls or .csv table", "请另存为 .xlsx（WPS 的 .et 也一样）",
        "Save it as .xlsx (WPS .et as well)"),
    Entry("E-FILE-SIZE", 1, 413,
        "文件太大：{size}，上限 {limit}", "The file is too big: {size}, limit {limit}", "请拆成几个文件，或另存为 .csv",
        "Split it, or save it as .csv"),
    Entry("E-FILE-TEMPLATE", 1, 422,
        "认不出所报的表，缺少列：{missing}", "The list is not in the file; missing columns: {missing}",
        "请使用模板：gateway template {list} -o 模板.xlsx", "Use the template: gateway template {list} -o FILE.xlsx"),
    Entry("E-FILE-LIST", 1, 422,
        "表头同时符合几种表：{lists}", "The headers fit several lists: {lists}", "请用 --as 说明是哪一种", "Say which one with --as"),
    Entry("E-MONTH", 1, 422,
        "文件写的是 {stated}，所选月份是 {chosen}", "The file says {stated}, but {chosen} was chosen", "请改选月份，或换成正确的文件",
        "Choose the other month, or the right file"),
    Entry("E-PERIOD-ASK", 2, 422,
        "文件里没有写明是哪个月", "The file does not say which month it is for", "请用 --period 说明月份，例如 2023-03",
        "Say the month with --period, such as 2023-03"),
    Entry("W-SHEET", 0, 200,
        "工作表中有数据，但认不出是哪种表，未读取", "The sheet holds data but no list that is known; it was not read",
        "如需要请改用模板的表头", "Use the template's headers if it is needed", "warning"),
    Entry("W-SHEET-MONTH", 0, 200,
        "工作表名写的是别的月份，未读取", "The sheet's name says another month; it was not read",
        "如属本月，请改工作表名后再报", "Rename the sheet if it is of this month", "warning"),
    Entry("W-BLOCK", 0, 200,
        "第 {row} 行起有一块内容认不出是哪种表，未读取", "From row {row} on there is a block of no list that is known; it was not read",
        "如属应报数据，请改用模板的表头，或另存为单独的工作表", "Use the template's headers, or a sheet of its own, if it is needed", "warning"),
)
