"""Feeds and views."""

from __future__ import annotations

from contracts.catalogue.entry import Entry

ENTRIES = (
    Entry("E-FEED-FILE", 2, 500, "数据项文件 {file} 有误：{why}", "The feed file {file} is wrong: {why}",
          "请恢复该文件，或按 docs/spec/contracts.md 改正后再试", "Restore the file, or correct it as docs/spec/contracts.md says"),
    Entry("E-VIEW", 2, 404, "数据项 {feed} 不向该单位提供：{to}", "Feed {feed} does not go to {to}",
          "执行 gateway feeds show {feed} 查看接收单位", "Run gateway feeds show {feed} to see its recipients"),
)
