"""The trust file (信任文件): root chain, trust lists and prekeys in one JSON document, as `gateway trust sign` prints it.

A container: nothing in it is believed because it is in there. `Trust.accept` looks at each envelope.
"""

from __future__ import annotations

from dataclasses import dataclass

from security.strict_json import Json, encode, parse
from security.strict_json_reader import Fields
from security.trust.role import FORM

KIND = "trust-bundle"
LIMIT = 32 << 20
MAX_ROOTS, MAX_LISTS, MAX_PREKEYS = 64, 512, 4096


@dataclass(frozen=True, slots=True)
class TrustBundle:
    """Envelopes: roots and lists oldest first, prekeys one an agency."""

    roots: tuple[bytes, ...] = ()
    lists: tuple[bytes, ...] = ()
    prekeys: tuple[bytes, ...] = ()

    def to_bytes(self) -> bytes:
        """The file: one line of canonical JSON."""
        return encode(
            {
                "v": 1,
                "kind": KIND,
                "roots": _objects(self.roots),
                "lists": _objects(self.lists),
                "prekeys": _objects(self.prekeys),
            }
        )

    @classmethod
    def of_bytes(cls, file: bytes) -> TrustBundle:
        """The inverse of `to_bytes`; a line end behind it is forgiven.

        Raises:
            ExchangeError: E-TRUST-FORM.
        """
        fields = Fields(parse(file.rstrip(b"\r\n"), limit=LIMIT, code=FORM), ("v", "kind", "roots", "lists", "prekeys"), FORM)
        fields.constant("v", 1)
        fields.constant("kind", KIND)
        return cls(
            tuple(encode(item) for item in fields.items("roots", MAX_ROOTS)),
            tuple(encode(item) for item in fields.items("lists", MAX_LISTS)),
            tuple(encode(item) for item in fields.items("prekeys", MAX_PREKEYS)),
        )


def kind_of(file: bytes) -> str:
    """`trust-bundle` or `agency-card`: what `gateway trust import` was given.

    Raises:
        ExchangeError: E-TRUST-FORM, neither.
    """
    members = parse(file.rstrip(b"\r\n"), limit=LIMIT, code=FORM)
    return Fields(members, tuple(members), FORM).text("kind") if "kind" in members else Fields(members, ("kind",), FORM).text("kind")


def _objects(envelopes: tuple[bytes, ...]) -> list[Json]:
    """Canonical envelopes as objects; encoding the whole gives each one's bytes again."""
    return [parse(envelope, limit=LIMIT, code=FORM) for envelope in envelopes]
