"""Rows and schemas that do not fit their contract."""

from __future__ import annotations

from contracts.catalogue.entry import Entry

ENTRIES = (
    Entry("E-AVRO", 1, 422, "数据块内的数据与契约不符，无法读取（{why}）",
          "The data inside a chunk do not fit their contract and cannot be read ({why})",
          "请让发送单位用同一版本的契约重新发送该期；双方可用 gateway feeds show 核对契约摘要",
          "Ask the sender to send that edition again under the same contract; compare contract digests with gateway feeds show"),
    Entry("E-CONTRACT-ROWS", 1, 422, "数据与契约不符：字段 {field}（{why}）", "The rows do not fit the contract: field {field} ({why})",
          "请核对来源表的该列后重新导入；若各列无误，请向维护人员报告此代码和字段名",
          "Check that column of the source list and import it again; if it is right, report this code and field name"),
    Entry("E-CONTRACT", 2, 404, "没有这个契约：{contract}", "No such contract: {contract}",
          "执行 gateway feeds list 查看各数据项及其契约", "Run gateway feeds list to see the feeds and their contracts"),
    Entry("E-CONTRACT-LOCK", 6, 500, "已发布的契约被改动或缺少锁定记录：{contract}",
          "A released contract was changed or is not locked: {contract}",
          "请恢复契约原文件；修改契约须另立新版本，不得改动已发布版本",
          "Restore the file; a change of a contract is a new version, never an edit of a released one"),
)
