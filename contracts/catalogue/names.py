"""Unknown or malformed names: agencies, months, feeds, lists."""

from __future__ import annotations

from contracts.catalogue.entry import Entry

ENTRIES = (
    Entry("E-AGENCY", 2, 422, "没有这样的单位代码：{given}", "No such agency: {given}",
          "单位代码由小写字母、数字和连字符组成，前面是六位县区代码，例如 522722/education",
          "An agency is a six-digit county code, a slash and a lower-case name, such as 522722/education"),
    Entry("E-PERIOD", 2, 422, "月份写法不对：{given}", "Not a month: {given}",
          "请写成 2023-03 这样的四位年、两位月", "Write the month as 2023-03: four digits, a hyphen, two digits"),
    Entry("E-FEED", 2, 404, "没有这个数据项：{feed}", "No such feed: {feed}",
          "执行 gateway feeds list 查看全部数据项", "Run gateway feeds list to see the feeds"),
    Entry("E-LIST", 2, 404, "没有这种来源表：{list}", "No such source list: {list}",
          "执行 gateway lists list 查看全部来源表", "Run gateway lists list to see the source lists"),
)
