"""The ledger, its checkpoints and the evidence taken from it."""

from __future__ import annotations

from contracts.catalogue.entry import Entry

ENTRIES = (
    Entry("E-LEDGER-ENTRY", 2, 500, "台账记录为空或超过 {limit} 字节", "A ledger entry is empty or longer than {limit} bytes",
          "这是程序错误，请把这条信息报告给维护人员", "This is a fault of the program; report this message"),
    Entry("E-LEDGER-DAMAGED", 6, 500, "台账被改动过：{where}", "The ledger was changed: {where}",
          "停止使用，保留数据库原件，报告管理员；从备份恢复后再执行 gateway fsck",
          "Stop using it, keep the database as it is and tell the administrator; run gateway fsck after restoring a backup"),
    Entry("E-LEDGER-FORK", 6, 409, "台账与 {who} 见过的检查点（{size} 条）不是同一份历史",
          "The ledger and the checkpoint that {who} saw ({size} entries) are not one history",
          "保留双方的检查点和台账，立即报告管理员", "Keep both checkpoints and the ledger, and tell the administrator at once"),
    Entry("E-CHECKPOINT-FORM", 6, 422, "台账检查点读不懂：{why}", "The ledger's checkpoint cannot be understood: {why}",
          "请对方重新导出", "Ask for a fresh export"),
    Entry("E-CHECKPOINT-SIGNER", 6, 422, "台账检查点缺少 {origin} 的 {alg} 签名", "The checkpoint lacks a signature of {origin} ({alg})",
          "确认信任名单是最新的；仍不成立时不要采信", "See that the trust list is the newest; if it is, do not believe the checkpoint"),
    Entry("E-EVIDENCE-FORM", 6, 422, "证据包读不懂：{why}", "The evidence bundle cannot be understood: {why}",
          "请对方重新执行 gateway evidence export，原样发送", "Ask for a fresh gateway evidence export, sent as it is"),
    Entry("E-EVIDENCE-LOG", 6, 422, "证据不全：台账里没有 {what} 的记录", "The evidence is incomplete: no ledger entry names {what}",
          "请对方重新导出；仍缺少时，这份文件没有在当时入账",
          "Ask for a fresh export; if it lacks it still, the document was not entered at the time"),
    Entry("E-EVIDENCE-ORDER", 6, 422, "先后顺序不对：{what}", "The order of events is wrong: {what}",
          "不要采信；保留原件并报告管理员", "Do not believe it; keep the original and tell the administrator"),
    Entry("E-EVIDENCE-REVOKED", 6, 422, "{what} 由已吊销的密钥 {kid} 签署，且不能证明在吊销之前入账",
          "{what} was signed by the revoked key {kid}, and nothing proves that it was entered before the revocation",
          "不要采信；请该单位用新密钥重新签发", "Do not believe it; have the agency sign it again with its new key"),
)
