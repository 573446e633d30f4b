"""Kafka as the data way: records that are not ours to read, records that are gone, runs that were refused."""

from __future__ import annotations

from contracts.catalogue.entry import Entry

ENTRIES = (
    Entry("E-KAFKA-FOREIGN", 6, 422, "主题里的记录 {place} 不是本系统这一版写的，没有读取",
          "The record {place} was not written by this version of the exchange and was not read",
          "它不影响其他数据项；请集群管理员查明是谁写的、谁有写权限（gateway topics check）；若是对方的旧版程序，请对方升级后重发",
          "Nothing is held back by it; have the cluster's administrator find out who wrote it and who may (gateway topics check); "
          "if it was the sender's older program, have it upgraded and the edition sent again"),
    Entry("E-KAFKA-TOMBSTONE", 6, 422, "主题里的记录 {place} 是空的（删除标记），没有读取",
          "The record {place} is empty (a tombstone) and was not read",
          "名册从不靠删除标记撤回；请集群管理员查明是谁写的。要撤回一期，请发送方执行 gateway edition recall",
          "No roster is ever withdrawn by a tombstone; have the administrator find out who wrote it. "
          "To withdraw an edition its sender runs gateway edition recall"),
    Entry("E-KAFKA-BROKEN", 6, 422, "从 {place} 起的记录解不开，已跳过", "Records from {place} on cannot be unpacked and were passed over",
          "请集群管理员把主题的 compression.type 设为 uncompressed（gateway topics apply 会做）并查明是谁写的",
          "Have the administrator set the topic's compression.type to uncompressed (gateway topics apply does) "
          "and find out who wrote them"),
    Entry("E-KAFKA-GONE", 4, 410, "主题 {topic} 的记录 {first}–{last} 在读取之前已过保存期",
          "The records {first} to {last} of the topic {topic} aged out before they were read",
          "若有一期没有收到（gateway edition list），请发送方执行 gateway edition resend；并请更经常地收取",
          "If an edition is missing (gateway edition list), ask its sender for gateway edition resend; and collect more often"),
    Entry("E-KAFKA-LIMIT", 4, 413, "主题 {topic} 不接受这么大的记录", "The topic {topic} does not take a record of that size",
          "请集群管理员把主题的 max.message.bytes 恢复为默认（gateway topics check 会指出）",
          "Have the administrator set the topic's max.message.bytes back to its default (gateway topics check names it)"),
    Entry("E-KAFKA-FENCED", 5, 409, "{agency} 的另一个进程正在发送，本次发送已被集群中止",
          "Another process of {agency} is posting; the cluster has ended this one's run",
          "等它做完再执行 gateway sync；若没有别的进程，请查明是不是有一份旧的备份在另一台机器上运行",
          "Wait for it and run gateway sync; if there is no other process, find out whether an old copy of this home runs elsewhere"),
)
