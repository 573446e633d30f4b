"""Kafka as operators set it up: names, certificates, passwords, permissions, topics."""

from __future__ import annotations

from contracts.catalogue.entry import Entry

ENTRIES = (
    Entry("E-KAFKA-PREFIX", 2, 422, "主题前缀不对：{given}", "Not a prefix of topics: {given}",
          "请用小写字母开头、由小写字母、数字、连字符组成、不超过 32 个字符的一个词",
          "Use one word of at most 32 lower-case letters, digits and hyphens that begins with a letter"),
)
