"""What a verified bundle proves, in numbered sentences."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.catalogue.entry import Language
from security.log.checkpoint import Checkpoint
from security.manifest import VerifiedManifest
from security.receipt import VerifiedReceipt
from security.trust import fingerprint
from security.trust.trust import Trust

_KINDS = {"snapshot": "完整名单", "increment": "新增名单", "event": "个案", "withdrawn": "撤回"}
_RESULTS = {"received": ("已收到", "received"), "loaded": ("已载入", "loaded"), "rejected": ("已拒收", "rejected")}


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence, in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class ProvenReceipt:
    """A verified receipt and the index of the first ledger entry that names it."""

    verified: VerifiedReceipt
    index: int


@dataclass(frozen=True, slots=True)
class ProvenEdition:
    """A verified manifest, its place in the ledger, and its verified receipts in the order of their entries."""

    verified: VerifiedManifest
    index: int
    receipts: tuple[ProvenReceipt, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a bundle proves; only `verify_bundle` makes one.

    Attributes:
        editions: in the order of their ledger entries.
        entries: number of ledger entries in the bundle.
        witnessed: number of receipts whose sight of the ledger was proven to be of this history.
        missing: number of receipts of these editions that the ledger names and the bundle has not.
    """

    trust: Trust
    checkpoint: Checkpoint
    editions: tuple[ProvenEdition, ...]
    entries: int
    witnessed: int
    missing: int

    def statements(self) -> tuple[Statement, ...]:
        """The sentences, in the order in which they were checked."""
        found = [*_foundations(self)]
        for edition in self.editions:
            found.append(_edition(edition))
            found += (_receipt(each) for each in edition.receipts)
        silent = [edition for edition in self.editions if not edition.receipts]
        found.append(
            Statement(
                f"共 {len(self.editions)} 期，其中 {len(silent)} 期没有回执；台账提到而包里没有的回执 {self.missing} 份",
                f"Editions: {len(self.editions)}, without any receipt: {len(silent)}; "
                f"receipts that the ledger names and this bundle has not: {self.missing}",
            )
        )
        return tuple(found)

    def text(self, language: Language) -> str:
        """The sentences, numbered, one a line."""
        lines = (each.zh if language == "zh" else each.en for each in self.statements())
        return "".join(f"{number}. {line}\n" for number, line in enumerate(lines, 1))


def _foundations(report: Report) -> tuple[Statement, ...]:
    trust, checkpoint = report.trust, report.checkpoint
    root, versions = trust.root, [each.version for each in trust.lists]
    mark = fingerprint.of(root.digest)
    return (
        Statement(
            f"根：{root.document.county} 县第 {root.document.version} 版，指纹 {mark}",
            f"Root: county {root.document.county}, version {root.document.version}, fingerprint {mark}",
        ),
        Statement(
            f"信任名单：{len(versions)} 份，最新第 {versions[-1]} 版，签名成立",
            f"Trust lists: {len(versions)}, newest version {versions[-1]}, signatures hold",
        ),
        Statement(
            f"台账：{checkpoint.owner} 签署的检查点，共 {checkpoint.size} 条",
            f"Ledger: checkpoint of {checkpoint.owner} over {checkpoint.size} entries, signatures hold",
        ),
        Statement(
            f"台账记录：包内 {report.entries} 条都在该检查点之内；{report.witnessed} 份回执见过的台账与之是同一份历史",
            f"Ledger entries: all {report.entries} in this bundle stand under that checkpoint; "
            f"{report.witnessed} receipts saw this history",
        ),
    )


def _edition(edition: ProvenEdition) -> Statement:
    manifest = edition.verified.manifest
    header = manifest.header
    way = f"{header.sender} → {header.recipient}"
    return Statement(
        f"{header.feed} {header.period} 第 {header.revision} 次（{_KINDS[manifest.kind]}，序号 {header.sequence}）：{way}，"
        f"{manifest.size} 个数据块，清单 sha256:{edition.verified.digest}，台账第 {edition.index} 条，签名成立",
        f"{header.feed} {header.period} revision {header.revision} ({manifest.kind}, number {header.sequence}): {way}, "
        f"{manifest.size} chunks, manifest sha256:{edition.verified.digest}, ledger entry {edition.index}, signatures hold",
    )


def _receipt(proven: ProvenReceipt) -> Statement:
    receipt = proven.verified.receipt
    zh, en = _RESULTS[receipt.stage if receipt.result == "accepted" else "rejected"]
    return Statement(
        f"回执：{receipt.by} {zh}，{receipt.records} 行，自述时间 {receipt.at:%Y-%m-%d %H:%M:%SZ}，"
        f"sha256:{proven.verified.digest}，台账第 {proven.index} 条，签名成立",
        f"Receipt: {receipt.by} {en}, {receipt.records} rows, says {receipt.at:%Y-%m-%d %H:%M:%SZ}, "
        f"sha256:{proven.verified.digest}, ledger entry {proven.index}, signature holds",
    )
