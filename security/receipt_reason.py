"""Why an authentic edition was rejected: the closed list of words a receipt may say, which are codes of the catalogue.

Whatever cannot be authenticated is never answered, so no reason speaks of signatures.
"""

from __future__ import annotations

REASONS: tuple[str, ...] = (
    "E-REJECT-CONTENT",
    "E-REJECT-CONTRACT",
    "E-REJECT-KEY",
    "E-REJECT-PERSON",
    "E-REJECT-ROWS",
)

_BY_REFUSAL = {
    "E-CHUNK-KEY": "E-REJECT-KEY",
    "E-CHUNK-BODY": "E-REJECT-CONTENT",
    "E-CHUNK-PADDING": "E-REJECT-CONTENT",
    "E-CONTENT-CODEC": "E-REJECT-CONTENT",
    "E-CONTENT-SIZE": "E-REJECT-CONTENT",
}


def reason_of(refusal: str) -> str | None:
    """The word for a refusal of this package after the manifest and all digests were verified; None where the sender must not
    get an answer (the bytes are not what was signed)."""
    return _BY_REFUSAL.get(refusal)
