"""The key store of a home."""

from __future__ import annotations

from contracts.catalogue.entry import Entry

ENTRIES = (
    Entry("E-STORE-NONE", 6, 500, "这里没有密钥库", "There is no key store here",
          "先执行 gateway init 建立本单位的目录；如果目录是恢复出来的，请检查备份里有没有 keys 目录",
          "Run gateway init first; if this home was restored, see that the backup has its keys directory"),
    Entry("E-STORE-OTHER", 6, 409, "keys 目录里是另一个网关目录的密钥", "The keys directory holds the keys of another home",
          "从本单位的备份恢复 keys 目录；用别的密钥签发的东西，对方一律拒收",
          "Restore the keys directory from this home's backup; what other keys sign is refused by everyone"),
    Entry("E-STORE-EXISTS", 5, 409, "这里已经有密钥库，不会覆盖", "There is a key store here already; it is not overwritten",
          "直接使用现有目录，或换一个目录执行 gateway init", "Use the home as it is, or run gateway init in another directory"),
    Entry("E-STORE-PASSPHRASE", 6, 401, "密钥库口令不对", "Wrong passphrase for the key store",
          "检查 GATEWAY_PASSPHRASE_FILE 指向的文件；口令区分大小写，开头和结尾的空格也算",
          "Check the file that GATEWAY_PASSPHRASE_FILE names; case and blanks at either end count"),
    Entry("E-STORE-PASSPHRASE-MISSING", 6, 401, "密钥库上了口令锁，但没有给出口令",
          "The key store is locked by a passphrase and none was given",
          "把口令写进只有本人可读的文件，并设置 GATEWAY_PASSPHRASE_FILE",
          "Write the passphrase into a file only you can read and set GATEWAY_PASSPHRASE_FILE"),
    Entry("E-STORE-PASSPHRASE-EMPTY", 2, 422, "口令不能为空", "The passphrase must not be empty",
          "换一个口令；不用口令时不要设置 GATEWAY_PASSPHRASE_FILE",
          "Choose a passphrase, or leave GATEWAY_PASSPHRASE_FILE unset for none"),
    Entry("E-STORE-DAMAGED", 6, 500, "密钥库文件 {file} 已损坏", "The key store's file {file} is damaged",
          "从备份恢复 keys 目录（gateway restore），不要手工修改里面的文件",
          "Restore the keys directory from a backup (gateway restore); never edit its files"),
    Entry("E-STORE-OPEN", 6, 500, "密钥库文件 {file} 其他用户也能读，不能使用", "The key store's file {file} can be read by other users",
          "执行 chmod -R go-rwx 收紧 keys 目录的权限，并考虑这些密钥是否已经外泄",
          "Run chmod -R go-rwx on the keys directory, and consider whether the keys have leaked"),
    Entry("E-KEY-LABEL", 2, 422, "密钥名称写法不对：{label}", "Not a name for a key: {label}",
          "名称形如 sign/1、wrap/2026-11", "A name looks like sign/1 or wrap/2026-11"),
    Entry("E-KEY-MISSING", 6, 404, "本单位没有密钥 {key}", "This home has no key {key}",
          "确认文件是发给本单位的；密钥在备份里时先恢复备份",
          "See whether the file is meant for this agency; if the key is in a backup, restore it first"),
    Entry("E-KEY-DESTROYED", 6, 410, "密钥 {key} 已经销毁，用它封装的内容再也打不开，同名密钥不会重建",
          "Key {key} was destroyed: what is sealed to it cannot be opened any more, and no key of that name is made again",
          "这是 gateway keys destroy 的结果；需要内容时请向发送单位或接收单位索取",
          "This is what gateway keys destroy does; ask the other side for the content if it is needed"),
    Entry("E-KEY-ALG", 6, 500, "密钥 {key} 不能这样使用（{alg}）", "Key {key} cannot be used that way ({alg})",
          "这是程序错误，请把这条信息报告给维护人员", "This is a fault of the program; report this message"),
)
