"""Sinks (落地): where a partner's rows go, and why they could not."""

from __future__ import annotations

from contracts.catalogue.entry import Entry

ENTRIES = (
    Entry("E-SINK-URL", 2, 422, "看不懂的落地地址：{given}", "Not a sink: {given}",
          "请写成 sqlite:///文件.db、postgresql://主机/库、csv:目录、xlsx:目录 或 parquet:目录",
          "Write sqlite:///FILE.db, postgresql://HOST/DATABASE, csv:DIR, xlsx:DIR or parquet:DIR"),
    Entry("E-SINK-DRIVER", 2, 500, "这台机器没有装 {kind} 的数据库驱动", "The database driver for {kind} is not installed on this machine",
          "请管理员安装 {package} 后再收取一次", "Ask the administrator to install {package}, then collect again"),
    Entry("E-SINK-OPEN", 4, 503, "打不开落地位置 {place}（{why}）", "The sink {place} cannot be opened ({why})",
          "检查路径、服务器和写入权限后再收取一次；已收的数据没有丢",
          "Check the path, the server and the permission to write, then collect again; nothing is lost"),
    Entry("E-SINK-BUSY", 4, 503, "落地位置 {place} 正被别的程序占用", "The sink {place} is in use by another program",
          "关闭正在打开它的程序后再收取一次", "Close the program that has it open, then collect again"),
    Entry("E-SINK-FULL", 4, 507, "落地位置 {place} 所在的磁盘已满", "The disk of the sink {place} is full",
          "没有半份内容留下；腾出空间后再收取一次，会从没落地的那一期接着做",
          "Nothing is left half done; free some space and collect again, it goes on with the edition that was not loaded"),
    Entry("E-SINK-STORE", 4, 503, "写入落地位置 {place} 时出错（{why}）", "Writing to the sink {place} failed ({why})",
          "没有半份内容留下；排除故障后再收取一次，多次出现请把这行字交给管理员",
          "Nothing is left half done; remove the cause and collect again, and if it comes back hand this line to the administrator"),
    Entry("E-SINK-DAMAGED", 4, 500, "落地位置 {place} 已损坏或不是本程序写的（{why}）",
          "The sink {place} is damaged or was not written by this program ({why})",
          "不要手工改动它；换一个空位置收取，已收的各期会原样重新写入",
          "Do not edit it by hand; collect into an empty place and every edition is written again as it was"),
    Entry("E-SINK-OWNER", 5, 409, "落地位置里是 {owner} 的数据，不能再写入 {given} 的",
          "The sink holds data of {owner}; data of {given} must not go there",
          "每个单位用自己的落地位置，请换一个地址", "Every agency has a sink of its own; give another address"),
    Entry("E-SINK-TABLE", 5, 409, "落地数据库里的表 {table} 与数据项对不上：{column}",
          "Table {table} of the sink does not fit the feed: {column}",
          "这张表可能是本单位自己的：给网关单独一个库或模式（schema），或改名后再收取",
          "The table may be your own: give the gateway a database or schema of its own, or rename yours, then collect again"),
    Entry("E-SINK-REVISION", 5, 409, "{feed} {period} 第 {revision} 版已经落地，内容却与现在这一份不同",
          "Revision {revision} of {feed} {period} is already loaded and was another one than this",
          "同一版不会有两份：请发送单位说明并发出新的一版",
          "There are never two of one revision: ask the sender to explain and to send the next revision"),
    Entry("E-SINK-ROWS", 1, 422, "{feed} {period} 有 {rows} 行，一张工作表最多 {limit} 行",
          "{feed} {period} has {rows} rows; a worksheet takes {limit}",
          "请改用 csv:、parquet: 或数据库", "Use csv:, parquet: or a database instead"),
)
