"""A home, its lock, its configuration and its database."""

from __future__ import annotations

from contracts.catalogue.entry import Entry

ENTRIES = (
    Entry("E-HOME-NONE", 2, 404, "{home} 里还没有本单位的网关目录", "There is no gateway home in {home}",
          "先执行 gateway --home {home} init --agency 单位代码 --county 县区代码，或用 --home 指出正确目录",
          "Run gateway --home {home} init --agency CODE --county CODE first, or name the right directory with --home"),
    Entry("E-HOME-EXISTS", 5, 409, "{home} 已经是 {agency} 的网关目录", "{home} is already the home of {agency}",
          "直接使用即可；确要另建，请换一个空目录", "Use it as it is; for another home choose an empty directory"),
    Entry("E-HOME-CONFIG", 2, 500, "配置文件 {file} 读不懂", "The configuration {file} cannot be understood",
          "从备份恢复该文件，或对照说明改正；其余数据未受影响", "Restore the file from a backup or mend it; nothing else is affected"),
    Entry("E-HOME-BUSY", 4, 503, "另一个操作正在使用这个目录：{holder}，已等 {seconds} 秒",
          "Another command is using this home: {holder}; waited {seconds} s",
          "等它结束后再执行一次；若该进程已经死掉，系统会自动放开，无需删除任何文件",
          "Run the command again when it has finished; if that process died the lock frees itself, delete nothing"),
    Entry("E-STORE", 4, 503, "本机数据库写不进去：{why}", "The home's database cannot be written: {why}",
          "检查磁盘空间和目录权限后再执行一次；已经完成的步骤不会重做，也不会丢",
          "Check disk space and permissions, then run it again; finished steps are neither repeated nor lost"),
    Entry("E-DISK", 4, 507, "文件写不进去：{why}", "A file cannot be written: {why}",
          "检查磁盘空间和目录权限后再执行一次；没有留下半份数据",
          "Check disk space and permissions, then run it again; nothing was left half done"),
    Entry("E-STATE-DAMAGED", 4, 500, "本机数据库已损坏或不是网关的数据库", "The home's database is damaged or is not a gateway's",
          "停止使用，执行 gateway fsck，必要时从备份恢复", "Stop using it, run gateway fsck, and restore from a backup if need be"),
    Entry("E-STATE-VERSION", 4, 500, "数据库版本是 {found}，本程序只认 {known}", "The database has version {found}, this program knows {known}",
          "安装与数据库相配的程序版本", "Install the program version that matches the database"),
    Entry("E-USAGE", 2, 400, "命令写法不对：{what}", "The command is not right: {what}",
          "执行 gateway --help 或 gateway 命令 --help 查看写法", "Run gateway --help or gateway COMMAND --help"),
    Entry("E-CARRIER-NONE", 2, 409, "这个目录没有配置传输方式", "This home has no carrier",
          "在 gateway.toml 的 carrier 一行写上，例如 dir:/共享目录", "Set carrier in gateway.toml, for example dir:/shared/folder"),
)
