"""Keeping a home in order: what `doctor` finds, destroying keys, backup and restore, and what nobody foresaw."""

from __future__ import annotations

from contracts.catalogue.entry import Entry

ENTRIES = (
    # what doctor finds
    Entry("W-HOME-OPEN", 0, 200, "{home} 其他用户也能进入", "Other users can enter {home}",
          "执行 chmod 700 {home}", "Run chmod 700 {home}", severity="warning"),
    Entry("W-CARRIER-FOREIGN", 0, 200, "{place} 里有 {count} 个不属于交换的文件，已跳过",
          "{count} things in {place} are not of the exchange and are passed over",
          "请查明是谁放的并移走；不影响收发", "Find out who put them there and move them; nothing is held up", severity="warning"),
    Entry("E-CLOCK-BACK", 4, 500, "本机时钟是 {now}，而已有 {seen} 的记录：时钟慢了或被拨回",
          "This computer's clock says {now}, but there are records of {seen}: it is slow or was set back",
          "校准日期、时间和时区（timedatectl set-ntp true 或 w32tm /resync）后再工作",
          "Set date, time and time zone right (timedatectl set-ntp true, or w32tm /resync) before going on"),
    Entry("E-TRUST-UNLISTED", 6, 409, "信任名单里没有本单位 {agency}：别人不能发给你，也不认你的签名",
          "The trust list does not name this agency ({agency}): nobody can send to it or believe its signatures",
          "把 gateway trust export 的文件送县民政局，等新名单后执行 gateway sync",
          "Hand civil affairs the file of gateway trust export, then run gateway sync for the new list"),
    Entry("W-TRUST-SOON", 0, 200, "信任名单还有 {days} 天到期（{expires}）", "The trust list ends in {days} days ({expires})",
          "请县民政局执行 gateway trust sign，再执行 gateway sync", "Have civil affairs run gateway trust sign, then run gateway sync",
          severity="warning"),
    Entry("E-PREKEYS-OUT", 6, 409, "没有公布 {month} 的收件公钥：别人现在不能发给你",
          "No receiving key for {month} is posted: nobody can send to this agency now",
          "执行 gateway sync 公布", "Run gateway sync to post it"),
    Entry("W-PREKEYS-SHORT", 0, 200, "收件公钥只公布到 {last}", "Receiving keys are posted only up to {last}",
          "执行 gateway sync 补足四个月", "Run gateway sync: it posts four months ahead", severity="warning"),
    Entry("W-PARTNER-KEYS", 0, 200, "这些单位缺 {month} 起的收件公钥，到时发不出：{agencies}",
          "These agencies have no receiving key from {month} on, and will get nothing then: {agencies}",
          "请他们执行 gateway sync（或 gateway trust export），本单位再执行 gateway sync",
          "Have them run gateway sync (or gateway trust export), then run gateway sync here", severity="warning"),
    Entry("W-COLLECT-CUT", 0, 200, "上一次收取中途停了", "The last collection was cut short",
          "再执行一次 gateway collect，会接着做完", "Run gateway collect again: it goes on where it stopped", severity="warning"),
    Entry("W-OUTBOX", 0, 200, "{count} 期已封装，还没有发出", "{count} editions are sealed and not posted yet",
          "执行 gateway sync", "Run gateway sync", severity="warning"),
    Entry("W-INBOX", 0, 200, "{count} 期已收到，还没有落地", "{count} editions have come and are not loaded yet",
          "执行 gateway collect --sink 落地位置", "Run gateway collect --sink SINK", severity="warning"),
    Entry("W-DISK", 0, 200, "磁盘只剩 {free}", "Only {free} of disk space is left",
          "腾出空间；不要删除 {home} 里的任何文件", "Make room; delete nothing in {home}", severity="warning"),
    Entry("E-DISK-FULL", 4, 507, "磁盘只剩 {free}，名单存不下了", "Only {free} of disk space is left: lists cannot be kept",
          "马上腾出空间；不要删除 {home} 里的任何文件", "Make room at once; delete nothing in {home}"),
    # destroying keys
    Entry("E-KEYS-EARLY", 5, 409, "{month} 还没有过完，它的密钥还在使用", "{month} is not over; its keys are in use",
          "过了这个月再销毁", "Destroy them when the month has passed"),
    # backup and restore
    Entry("E-BACKUP-EXISTS", 5, 409, "{file} 已经存在，不会覆盖", "{file} is there already and is not overwritten",
          "换一个文件名，例如带上日期", "Choose another name, one with the date for instance"),
    Entry("E-BACKUP-DAMAGED", 6, 422, "这个备份不完整或已损坏（技术说明：{why}），没有恢复任何东西",
          "This backup is incomplete or damaged ({why}); nothing was restored",
          "换一份备份；确认文件复制完整", "Use another backup; see that the file was copied completely"),
    Entry("E-RESTORE-PLACE", 5, 409, "{home} 里已经有东西，只能恢复到空目录",
          "There is something in {home}; a backup goes into an empty place only",
          "用 --home 指一个空目录；原目录确认不要了再移走",
          "Name an empty directory with --home; move the old one away first if it is not needed"),
    # what nobody foresaw
    Entry("E-FILE-ACCESS", 4, 500, "{file} 打不开或写不进去：{why}", "{file} cannot be opened or written: {why}",
          "检查路径、权限和磁盘空间后再执行一次", "Check path, permissions and disk space, then run it again"),
    Entry("E-INTERNAL", 4, 500, "程序出错（{kind}，{place}），本次没有做完",
          "A fault of the program ({kind}, {place}); this run was not finished",
          "再执行一次，会从没做完的地方接着做；仍出错时把括号里的内容报告给维护人员",
          "Run it again: it goes on where it stopped. If it fails again report what stands in the brackets"),
)  # fmt: skip
