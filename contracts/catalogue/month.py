"""The month's own checks (本月核查): what a clerk looks at before anything goes out. None of them holds anything back by itself."""

from __future__ import annotations

from contracts.catalogue.entry import Entry


def _look(code: str, zh: str, en: str, fix_zh: str, fix_en: str) -> Entry:
    return Entry(code, 0, 200, zh, en, fix_zh, fix_en, severity="warning")


ENTRIES = (
    _look("W-MONTH-SAME", "{list} {period} 与上月的 {rows} 行完全相同", "{list} {period}: all {rows} rows are those of the month before",
          "核对是否拿错了上月的文件；确实没有变化的不用处理",
          "Look whether this is last month's file; if nothing has changed, nothing is to be done"),
    _look("W-MONTH-FALL", "{list} {period}：{category} 由 {before} 人降到 {now} 人（{percent} %）",
          "{list} {period}: {category} fell from {before} to {now} persons ({percent} %)",
          "核对名单是否完整；属实的，发布时加 --accept-fall 原因",
          "Check that the list is whole; if it is, publish with --accept-fall REASON"),
    _look("W-MONTH-GROWTH", "{list} {period}：{category} 由 {before} 人增到 {now} 人（多 {percent} %）",
          "{list} {period}: {category} grew from {before} to {now} persons ({percent} % more)",
          "核对是否混入了别的名单或别的月份", "Look whether another list or another month has got into it"),
    _look("W-MONTH-TOWN", "{list} {period}：{town} 由 {before} 人降到 {now} 人",
          "{list} {period}: {town} fell from {before} to {now} persons",
          "向该乡镇核对是否漏报", "Ask the town whether rows are missing"),
    _look("W-MONTH-COLUMN", "{list} {period}：{column} 上月有值，本月整列为空",
          "{list} {period}: the column {column} had values last month and is empty now",
          "核对文件是否少了这一列，或表头写法变了", "Look whether the file lacks the column or calls it otherwise"),
    _look("W-MONTH-TOWNS", "{list} {period} 尚缺 {count} 个乡镇：{towns}", "{list} {period}: {count} towns are still to come: {towns}",
          "催报；来了用 gateway import 文件 --add，没有的请报零报告，不再有的用 gateway import 文件 --complete 原因",
          "Ask for them; gateway import FILE --add when they come, a nil report where there is nobody, --complete REASON for no more"),
    _look("W-MONTH-UNREAD", "{list} {period} 打不开（{code}），没有核查", "{list} {period} cannot be opened ({code}) and was not checked",
          "密钥已按月销毁的不用处理；否则执行 gateway fsck", "Nothing to do where the month's keys were destroyed; else run gateway fsck"),
    _look("W-UPLOAD-REPLACED", "{list} {period}：对方签名的名单代替了上传的表",
          "{list} {period}: the sender's signed list has taken the place of the uploaded workbook",
          "核对两份是否一致，再执行 gateway intake decide；以对方签名的为准",
          "Look whether both say the same and run gateway intake decide again; the signed one counts"),
    _look("W-CROSSING", "{period} 有人同时在两份名册：互斥 {conflict} 人，只补差额 {difference} 人，待核对 {review} 人",
          "{period}: persons on two rosters: {conflict} that exclude each other, {difference} for the difference only, {review} to look at",
          "执行 gateway cases --as-of {day} --records 文件，由民政核实后再发布",
          "Run gateway cases --as-of {day} --records FILE and settle them before publishing"),
    _look("W-DEAD-LISTED", "{period} 的名册里有 {persons} 人在逝者名单中，另有 {review} 人待核实",
          "{period}: {persons} persons on rosters stand in the funeral list, {review} more are to be looked at",
          "执行 gateway cases --as-of {day} --records 文件，按 R4、R5 核查后再发布",
          "Run gateway cases --as-of {day} --records FILE and review them (R4, R5) before publishing"),
)
