"""Keys, signatures and Merkle proofs."""

from __future__ import annotations

from contracts.catalogue.entry import Entry

ENTRIES = (
    Entry("E-KEY-FORM", 6, 422, "公钥格式不对（{alg}）：{why}", "Not a usable public key ({alg}): {why}",
          "请对方重新执行 gateway trust export 并重新发送文件，不要手工修改",
          "Ask the other side to run gateway trust export again and send the file unedited"),
    Entry("E-SIG", 6, 422, "签名不成立（密钥 {kid}）：内容在签名之后被改动，或不是这个密钥签的",
          "The signature does not hold (key {kid}): the content was changed after signing, or another key signed it",
          "不要使用这份文件；请发送单位重新发送，并核对是否有人改动过",
          "Do not use this file; ask the sender to send it again and find out who changed it"),
    Entry("E-PROOF", 6, 422, "台账证明不成立：{why}", "The Merkle proof does not hold: {why}",
          "不要使用这份文件；请发送单位重新导出，仍不成立时请保留原件并报告管理员",
          "Do not use this file; ask for a fresh export, and if that fails too keep the original and tell the administrator"),
)
