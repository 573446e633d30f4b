"""One key in the trust list, with its owner, use and validity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from contracts.errors import ExchangeError
from contracts.ids import AgencyId
from security import encoding
from security.keys import PublicKey
from security.strict_json import Json
from security.strict_json_reader import Fields
from security.trust.role import FORM, key_of

Use = Literal["sign", "log", "wrap"]
_USES: dict[str, Use] = {"sign": "sign", "log": "log", "wrap": "wrap"}
_FIELDS = ("kid", "alg", "pub", "owner", "use", "nbf", "naf", "state", "revoked")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A key of an agency.

    Attributes:
        use: `sign` manifests, receipts, cards, prekeys; `log` checkpoints; `wrap` receives. Monthly wrap keys stand in prekeys; a
            wrap key stands here only to be revoked, or when an agency has no monthly ones.
        nbf, naf: valid from, and up to but not including.
        revoked: when it was revoked; None while it is live. A revoked key never becomes live again.

    Raises:
        ExchangeError: E-TRUST-KEY, algorithm and use do not fit, or the window is empty.
    """

    key: PublicKey
    owner: AgencyId
    use: Use
    nbf: datetime
    naf: datetime
    revoked: datetime | None = None

    def __post_init__(self) -> None:
        if (self.use == "wrap") != (self.key.alg == "x-wing"):
            raise ExchangeError("E-TRUST-KEY", kid=self.key.kid, why="algorithm and use")
        if not self.nbf < self.naf:
            raise ExchangeError("E-TRUST-KEY", kid=self.key.kid, why="validity")

    def within(self, at: datetime) -> bool:
        """Whether `at` is inside the validity window, revoked or not."""
        return self.nbf <= at < self.naf

    def wire(self) -> Json:
        return {
            "kid": self.key.kid,
            "alg": self.key.alg,
            "pub": encoding.base64_text(self.key.public),
            "owner": str(self.owner),
            "use": self.use,
            "nbf": encoding.time_text(self.nbf),
            "naf": encoding.time_text(self.naf),
            "state": "live" if self.revoked is None else "revoked",
            "revoked": None if self.revoked is None else encoding.time_text(self.revoked),
        }

    @classmethod
    def read(cls, item: Json) -> Entry:
        fields = Fields(item, _FIELDS, FORM)
        use = _USES.get(fields.text("use"))
        if use is None:
            raise fields.wrong("use")
        live = fields.is_null("revoked")
        fields.constant("state", "live" if live else "revoked")
        return cls(
            key=key_of(fields),
            owner=fields.agency("owner"),
            use=use,
            nbf=fields.time("nbf"),
            naf=fields.time("naf"),
            revoked=None if live else fields.time("revoked"),
        )
