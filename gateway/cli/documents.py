"""Editions and receipts as JSON that others read (interfaces.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gateway.app.overview import Edition, ReceiptEntry
    from gateway.app.publishing import Published


def edition_document(edition: Edition, preview: str | None = None) -> dict[str, object]:
    """One edition as interfaces.md describes it."""
    sources = [{"list": code, **dict(state)} for code, state in edition.sources.items()]
    return {
        "id": edition.id,
        "feed": edition.feed,
        "period": str(edition.period),
        "to": edition.recipient,
        "revision": edition.revision,
        "kind": edition.kind,
        "rows": edition.rows,
        "chunks": edition.chunks,
        "manifest": f"sha256:{edition.manifest}",
        "state": edition.state,
        "sources": sources,
        "unconfirmed": edition.unconfirmed,
        "seq": edition.seq,
        "preview": preview,
    }


def receipt_document(receipt: ReceiptEntry) -> dict[str, object]:
    """One receipt in JSON."""
    return {
        "receipt": f"sha256:{receipt.digest}",
        "direction": receipt.direction,
        "party": receipt.party.partition("/")[2],
        "edition": f"{receipt.edition}.r{receipt.revision}",
        "stage": receipt.stage,
        "result": receipt.result,
        "rows": receipt.rows,
        "at": receipt.at,
    }


def published_document(result: Published) -> dict[str, object]:
    made: list[dict[str, object]] = []
    for planned, state, sent, preview, rows in zip(
        result.plan.editions, result.states, result.sent, result.previews, result.rows, strict=True
    ):
        if sent is not None:
            made.append(edition_document(sent, preview))
            continue
        made.append(
            {
                "id": f"{planned.edition}.r{planned.revision}",
                "feed": planned.feed.name,
                "period": str(planned.period),
                "to": planned.view.to,
                "revision": planned.revision,
                "kind": planned.feed.kind,
                "rows": rows,
                "chunks": 0,
                "manifest": None,
                "state": state,
                "sources": [dict(source) for source in planned.sources],
                "unconfirmed": 0,
                "preview": preview,
            }
        )
    failed = [{"edition": name, "code": error.code} for name, error in result.unposted]
    return {"editions": made, "missing": list(result.plan.missing), "failed": failed}
