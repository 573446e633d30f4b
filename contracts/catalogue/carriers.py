"""Carriers (传输通道): what can go wrong between two homes."""

from __future__ import annotations

from contracts.catalogue.entry import Entry

ENTRIES = (
    Entry("E-CARRIER-URL", 2, 422, "看不懂的传输通道地址：{given}", "Not a carrier: {given}",
          "请写成 dir:目录、kafka:主机:端口 或 https://主机", "Write dir:PATH, kafka:HOST:PORT or https://HOST"),
    Entry("E-CARRIER-REACH", 4, 503, "传输通道 {place} 不可用（{why}）", "The carrier {place} is not available ({why})",
          "检查共享目录或网络是否连通、是否有读写权限，再执行一次；待发的都还在发件箱",
          "Check that the folder or network is there and may be written, then run again; what waits is still in the outbox"),
    Entry("E-CARRIER-FULL", 4, 507, "传输通道 {place} 的磁盘已满", "The disk of the carrier {place} is full",
          "请共享目录的管理员腾出空间，再执行一次 gateway sync", "Ask whoever keeps the folder to free some space, then run gateway sync"),
    Entry("E-CARRIER-TIMEOUT", 4, 504, "传输通道 {place} 在 {seconds} 秒内没有完成",
          "The carrier {place} did not finish within {seconds} seconds",
          "再执行一次 gateway sync，会从没做完的地方接着做", "Run gateway sync again; it goes on where it stopped"),
    Entry("E-CARRIER-SIZE", 1, 413, "{name} 的大小 {size} 超过通道上限 {limit}", "{name} is {size} large, more than the carrier's {limit}",
          "请管理员检查：正常的封装包不会这么大", "Tell the administrator: no sealed package is that large by itself"),
    Entry("E-CARRIER-LARGE", 6, 413, "收到的文件 {name} 过大（{size} 字节，上限 {limit}），没有读取",
          "The file {name} that arrived is too large ({size} bytes, limit {limit}) and was not read",
          "请对方重发；不是对方发的就从共享目录里移走", "Ask the sender to send again; if it is not theirs, move it out of the folder"),
    Entry("E-CARRIER-SHAPE", 6, 422, "收到的文件 {name} 不是完好的封装包（{why}）",
          "The file {name} that arrived is no sound package ({why})",
          "请对方执行 gateway edition resend 重发这一期", "Ask the sender to send the edition again with gateway edition resend"),
    Entry("E-CARRIER-LINK", 6, 422, "共享目录里的 {name} 不是普通文件，没有读取", "{name} in the folder is no plain file and was not read",
          "链接和特殊文件不会被跟随；请查明是谁放的并移走",
          "Links and special files are never followed; find out who put it there and remove it"),
    Entry("E-CARRIER-FENCED", 4, 409, "另一个进程已接着收取，本次收取没有写入任何内容",
          "Another process has gone on reading; nothing of this run was kept",
          "再执行一次；若没有别的进程，请查明是不是有本单位的一份旧拷贝在另一台机器上运行",
          "Run it again; if there is no other process, find out whether an old copy of this home runs elsewhere"),
    Entry("E-CARRIER-PARTIAL", 4, 503, "文件 {name} 还没有复制完整", "The file {name} has not been copied completely yet",
          "等复制完成后再收取一次；若一直如此，请对方重新复制",
          "Collect again when the copying has finished; if it stays so, have it copied again"),
)
