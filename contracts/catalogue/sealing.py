"""Envelopes, manifests, chunks, packages and receipts."""

from __future__ import annotations

from contracts.catalogue.entry import Entry

_AGAIN_ZH = "不要使用这份数据；请发送单位重新投递（gateway edition resend），并查明传输途中是谁改动的"
_AGAIN_EN = "Do not use it; ask the sender to deliver it again (gateway edition resend) and find out who changed it on the way"
_KEEP_ZH = "不要使用；保留原件并报告管理员，请发送单位核查本单位的软件和密钥"
_KEEP_EN = "Do not use it; keep the original, tell the administrator, and have the sender check its software and keys"
_TRUST_ZH = "先执行 gateway sync 更新信任名单；仍不成立时不要使用，并打电话向对方核实"
_TRUST_EN = "Run gateway sync to get the newest trust list; if it still fails do not use it and ask the other side by telephone"
_SOFT_ZH = "这是软件问题，没有发出任何数据；请把代码和技术说明报告管理员"
_SOFT_EN = "This is a fault of the software and nothing was sent; report the code and the technical note to the administrator"

ENTRIES = (
    # envelopes
    Entry(
        "E-ENVELOPE-FORM", 6, 422,
        "签名文件的格式不对（技术说明：{why}），可能在传输中损坏或被人编辑过",
        "The signed file is malformed ({why}): damaged on the way, or edited",
        _AGAIN_ZH, _AGAIN_EN,
    ),
    Entry(
        "E-ENVELOPE-TYPE", 6, 422,
        "这是另一种签名文件，不能当作 {wanted} 使用",
        "This is a signed file of another kind, not {wanted}",
        "请确认选对了文件；清单、回执和信任名单不能互相代替",
        "Check that it is the right file; manifests, receipts and trust lists cannot stand in for each other",
    ),
    Entry(
        "E-ENVELOPE-KEYS", 6, 422,
        "签名的个数不对：应有的签名之外还有别的签名",
        "Not exactly the signatures that are required",
        _KEEP_ZH, _KEEP_EN,
    ),
    Entry(
        "E-SIGNER", 6, 422,
        "签名的密钥在信任名单上不属于 {signer}，或当时不在有效期内",
        "Signed with a key that the trust list does not give to {signer}, or not for that day",
        _TRUST_ZH, _TRUST_EN,
    ),
    Entry(
        "E-SIGNATURE-MISSING", 6, 422,
        "缺少 {signer} 的 {alg} 签名：签名被去掉了一个，按降级攻击处理",
        "The {alg} signature of {signer} is missing; this is treated as an attempt to weaken the protection",
        _KEEP_ZH, _KEEP_EN,
    ),
    # headers and manifests
    Entry(
        "E-HEADER-FIELD", 6, 422,
        "封装说明中的 {field} 一项超出允许范围",
        "The value of {field} is outside what a header can carry",
        _SOFT_ZH, _SOFT_EN,
    ),
    Entry(
        "E-SUITE", 6, 422,
        "密码套件 {suite} 不在这个数据项允许之列",
        "Cipher suite {suite} is not allowed for this feed",
        "不要使用；请发送单位按数据项约定的套件重新封装",
        "Do not use it; ask the sender to seal again with the suite agreed for this feed",
    ),
    Entry(
        "E-MANIFEST-FORM", 6, 422,
        "清单的格式不对（技术说明：{why}）",
        "The manifest is malformed ({why})",
        _KEEP_ZH, _KEEP_EN,
    ),
    Entry(
        "E-MANIFEST-FUTURE", 6, 422,
        "{sender} 的清单写着未来的时间 {created}，一方的电脑时钟不准",
        "The manifest of {sender} is dated in the future ({created}): one of the two clocks is wrong",
        "核对本机日期、时间和时区；本机无误时请发送单位校准后重新封装",
        "Check date, time and time zone of this computer; if they are right ask the sender to set theirs and seal again",
    ),
    Entry(
        "E-MANIFEST-EXPIRED", 6, 422,
        "这一期数据已于 {expires} 过期",
        "This edition expired on {expires}",
        "不再入库；确有需要时请发送单位重新封装",
        "It is not loaded any more; if it is needed ask the sender to seal it again",
    ),
    Entry(
        "E-RECIPIENT", 6, 403,
        "这一期数据是发给 {to} 的，不是发给本单位 {me} 的",
        "This edition is addressed to {to}, not to {me}",
        "不要转交或保留；告诉发送单位投递错了地方，并检查投递目录的设置",
        "Do not keep it or pass it on; tell the sender where it went, and check the carrier's settings",
    ),
    Entry(
        "E-CHAIN-FORK", 6, 409,
        "发送单位就同一个序号 {seq} 出具了两份互相矛盾的清单",
        "The sender signed two manifests that contradict each other at number {seq}",
        "两份都已留作证据；不要使用后一份，请发送单位书面说明",
        "Both are kept as evidence; do not use the second and ask the sender to explain in writing",
    ),
    Entry(
        "E-EDITION-FORK", 6, 409,
        "{edition} 第 {rev} 版有两份内容不同的清单",
        "There are two different manifests of {edition}, revision {rev}",
        "两份都已留作证据；不要使用后一份，请发送单位以新的更正版重发",
        "Both are kept as evidence; do not use the second and ask the sender for a new revision",
    ),
    Entry(
        "E-EDITION-ROLLBACK", 6, 409,
        "{edition} 第 {rev} 版晚于更新的版本到达并想取代它",
        "Revision {rev} of {edition} was signed after a newer one and would replace it",
        "不要使用；请发送单位以新的更正版重发",
        "Do not use it; ask the sender for a new revision",
    ),
    # packages and chunks
    Entry(
        "E-PACKAGE-OTHER", 6, 422,
        "封装包里的清单不是已核验的那一份",
        "The package holds another manifest than the one verified",
        _AGAIN_ZH, _AGAIN_EN,
    ),
    Entry(
        "E-PACKAGE-COUNT", 6, 422,
        "封装包应有 {wanted} 块，实有 {found} 块",
        "The package should have {wanted} chunks and has {found}",
        _AGAIN_ZH, _AGAIN_EN,
    ),
    Entry(
        "E-PACKAGE-ROOT", 6, 422,
        "{wanted} 块数据中至少有一块与签名的清单不符：传输中损坏或被改动",
        "At least one of the {wanted} chunks is not what the sender signed: damaged or changed on the way",
        _AGAIN_ZH, _AGAIN_EN,
    ),
    Entry(
        "E-CHUNK-MISSING", 6, 422,
        "缺第 {number} 块（共 {total} 块），没有入库",
        "Chunk {number} of {total} is missing; nothing was loaded",
        "等待或请发送单位重新投递（gateway edition resend），到齐后自动继续",
        "Wait, or ask the sender to deliver again (gateway edition resend); loading goes on once all are there",
    ),
    Entry(
        "E-CHUNK-SIZE", 6, 422,
        "数据块大小 {size} 字节，不在允许的范围内（最多 {limit}）",
        "A chunk of {size} bytes is outside the allowed size (at most {limit})",
        _AGAIN_ZH, _AGAIN_EN,
    ),
    Entry(
        "E-CHUNK-FORM", 6, 422,
        "这不是一个封装好的数据块（技术说明：{why}）",
        "This is not a sealed chunk ({why})",
        _AGAIN_ZH, _AGAIN_EN,
    ),
    Entry(
        "E-CHUNK-LENGTH", 6, 422,
        "数据块的长度不对（{size} 字节）：被截断或被加长",
        "The chunk has an impossible length ({size} bytes): cut off or added to",
        _AGAIN_ZH, _AGAIN_EN,
    ),
    Entry(
        "E-CHUNK-FOREIGN", 6, 422,
        "第 {number} 个位置上的数据块属于另一期数据：被调换",
        "The chunk in place {number} belongs to another edition: it was swapped",
        _AGAIN_ZH, _AGAIN_EN,
    ),
    Entry(
        "E-CHUNK-ORDER", 6, 422,
        "第 {number} 个位置上放的是第 {found} 个数据块：次序被打乱",
        "Place {number} holds chunk {found}: the order was changed",
        _AGAIN_ZH, _AGAIN_EN,
    ),
    Entry(
        "E-CHUNK-HEADER", 6, 422,
        "数据块 {number} 的说明与签名的清单不一致",
        "The header of chunk {number} differs from the signed manifest",
        _AGAIN_ZH, _AGAIN_EN,
    ),
    Entry(
        "E-CHUNK-DIGEST", 6, 422,
        "数据块 {number} 与签名的清单不符：传输中损坏或被改动",
        "Chunk {number} is not what the sender signed: damaged or changed on the way",
        _AGAIN_ZH, _AGAIN_EN,
    ),
    Entry(
        "E-CHUNK-KEY", 6, 422,
        "本单位的密钥打不开这个数据块：它封装给了别的密钥",
        "This home's key does not open the chunk: it was sealed to another key",
        "请发送单位执行 gateway sync 取得本单位的最新公钥后重新封装",
        "Ask the sender to run gateway sync for this home's newest public key and to seal again",
    ),
    Entry(
        "E-CHUNK-BODY", 6, 422,
        "数据块 {number} 的内容无法解封：发送单位封装有误",
        "The body of chunk {number} does not open: the sender sealed it wrongly",
        _KEEP_ZH, _KEEP_EN,
    ),
    Entry(
        "E-CHUNK-PADDING", 6, 422,
        "数据块 {number} 的填充不合规定：发送单位封装有误",
        "The padding of chunk {number} breaks the rule: the sender sealed it wrongly",
        _KEEP_ZH, _KEEP_EN,
    ),
    Entry(
        "E-CONTENT-CODEC", 6, 422,
        "数据块解封后无法解压：发送单位封装有误",
        "The opened chunk does not decompress: the sender sealed it wrongly",
        _KEEP_ZH, _KEEP_EN,
    ),
    Entry(
        "E-CONTENT-SIZE", 6, 422,
        "数据块的内容超过 {limit} 字节，拒绝展开",
        "The content of a chunk is longer than {limit} bytes and is not expanded",
        _KEEP_ZH, _KEEP_EN,
    ),
    # sealing
    Entry(
        "E-SEAL-KEY", 6, 422,
        "封装所用的公钥不是 {to} 的接收密钥",
        "The key to seal with is not the receiving key of {to}",
        "执行 gateway sync 取得对方最新公钥后再发布",
        "Run gateway sync to get the newest public key of the other side, then publish again",
    ),
    Entry(
        "E-SEAL-SIZE", 6, 422,
        "一块数据 {size} 字节，超过上限 {limit}",
        "A payload of {size} bytes is over the limit of {limit}",
        _SOFT_ZH, _SOFT_EN,
    ),
    # receipts
    Entry(
        "E-RECEIPT-FORM", 6, 422,
        "回执的格式不对（技术说明：{why}）",
        "The receipt is malformed ({why})",
        "请对方重新生成并发送回执",
        "Ask the other side to issue and send the receipt again",
    ),
    Entry(
        "E-RECEIPT-OTHER", 6, 422,
        "这份回执答复的是另一期数据",
        "This receipt answers another edition",
        "按回执上的清单摘要查找对应的一期",
        "Look for the edition by the manifest digest in the receipt",
    ),
    Entry(
        "E-RECEIPT-BY", 6, 422,
        "回执由 {by} 出具，而这一期数据是发给 {to} 的",
        "The receipt is by {by} although the edition was for {to}",
        "不能作为签收凭证；请 {to} 自己出具回执",
        "It proves nothing; ask {to} for its own receipt",
    ),
    Entry(
        "E-RECEIPT-CHUNKS", 6, 422,
        "回执所列的数据块不是这一期的全部",
        "The receipt does not answer for exactly the chunks of this edition",
        "不能作为签收凭证；请对方重新接收并出具回执",
        "It proves nothing; ask the other side to collect again and to issue a new receipt",
    ),
    # reasons in a receipt
    Entry(
        "E-REJECT-KEY", 1, 422,
        "对方没有能打开这一期数据的密钥（密钥已更换或已销毁）",
        "The recipient has no key that opens this edition (replaced or destroyed)",
        "执行 gateway sync 取得对方最新公钥，再以更正版重新发布",
        "Run gateway sync for the recipient's newest key, then publish a revision",
    ),
    Entry(
        "E-REJECT-CONTENT", 1, 422,
        "对方核验签名无误，但数据块内容无法解开",
        "The signature held, but the content of a chunk could not be opened",
        "检查本单位软件版本，再以更正版重新发布",
        "Check the version of this software, then publish a revision",
    ),
    Entry(
        "E-REJECT-CONTRACT", 1, 422,
        "对方不认识这一期数据所用的契约版本",
        "The recipient does not know the contract version of this edition",
        "与对方核对数据项版本，双方升级后以更正版重新发布",
        "Compare the feed's versions with the recipient, upgrade, then publish a revision",
    ),
    Entry(
        "E-REJECT-ROWS", 1, 422,
        "有数据行不符合契约，对方整期未入库",
        "Some rows do not fit the contract, so the recipient loaded nothing of the edition",
        "按回执中的块号和行数查找原因，更正后以更正版重新发布",
        "Find the rows by chunk and count in the receipt, correct them, then publish a revision",
    ),
    Entry(
        "E-REJECT-PERSON", 1, 422,
        "对方经办人拒收这一期数据",
        "A person at the recipient rejected this edition",
        "打电话问明原因，更正后以更正版重新发布",
        "Ask for the reason by telephone, correct it, then publish a revision",
    ),
)  # fmt: skip
