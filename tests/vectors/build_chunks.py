"""Chunk and package vectors. Faults that the digest would hide are under a manifest truly signed over the faulty bytes."""

from __future__ import annotations

import hashlib
import os
import struct
from collections.abc import Iterator
from datetime import timedelta

import zstandard
from cryptography.cobblestone import Cobblestone256Encryptor

from security import suite
from security.chunk import take_apart
from security.chunk_layout import Prefixes
from security.compression import compress
from security.package_leaves import tree_of
from security.padding import FLOOR, bucket
from tests.unit.security.sealed_world import OTHER, RECIPIENT, Edition, header, seal, signed
from tests.vectors.case import Case, binary, chunk_case, content, payload


def chunks() -> Iterator[Case]:
    one, three = seal([payload(20)]), seal([payload(20), payload(30), payload(40)])
    yield chunk_case("chunk-ok", "ok", "One chunk of one segment and an empty last one.", one)
    for index in range(3):
        yield chunk_case(f"chunk-ok-{index + 1}-of-3", "ok", "By its inclusion path.", three, index=index)
    noise = b"".join(hashlib.sha256(b"%d" % number).digest() for number in range(600))
    yield chunk_case("chunk-ok-two-buckets", "ok", "A payload over the 16 KiB floor.", seal([compress(noise)]))
    yield from _formal(one)
    yield from _misplaced(one, three)
    yield from _sealed(one)
    yield from _padded()
    yield from _coded()


def _formal(one: Edition) -> Iterator[Case]:
    data = one.chunks[0]
    end = len(take_apart(data).prefix)
    encoded, rest = data[12:end], data[end:]

    def case(name: str, expect: str, about: str, changed: bytes) -> Case:
        return chunk_case(f"chunk-{name}", expect, about, signed(header(), [changed]))

    def framed(head: bytes) -> bytes:
        return b"CXC1\0\1\0\1" + len(head).to_bytes(4, "big") + head + rest

    form = "E-CHUNK-FORM"
    yield case("tiny", "E-CHUNK-SIZE", "Eleven bytes.", data[:11])
    yield case("magic", form, "CXC2 instead of CXC1.", b"CXC2" + data[4:])
    yield case("suite", "E-SUITE", "Suite 2 in the prefix, suite 1 in the manifest.", data[:4] + b"\0\2" + data[6:])
    yield case("no-recipients", form, "No recipient.", data[:6] + b"\0\0" + data[8:])
    yield case("many-recipients", form, "65,535 recipients.", data[:6] + b"\xff\xff" + data[8:])
    yield case("header-length", form, "A header of 4 GiB.", data[:8] + b"\xff\xff\xff\xff" + data[12:])
    yield case("cut", "E-CHUNK-LENGTH", "The last byte is missing.", data[:-1])
    yield case("longer", "E-CHUNK-LENGTH", "Sixteen bytes more.", data + bytes(16))
    yield case("cut-to-prefix", "E-CHUNK-LENGTH", "Nothing behind the header.", data[:end])
    yield case("header-blank", form, "A blank in the header's JSON.", framed(encoded.replace(b'"i":', b'"i": ')))
    yield case("header-name-twice", form, "The name i twice.", framed(encoded.replace(b'"i":0', b'"i":0,"i":0')))
    yield case("header-more-fields", form, "A field too many.", framed(encoded[:-1] + b',"z":1}'))
    yield case("header-index", form, "Chunk 1 of 1, counted from 0.", framed(encoded.replace(b'"i":0', b'"i":1')))
    yield case("header-expires", "E-HEADER-FIELD", "Expired when made.",
               framed(encoded.replace(b'"expires":"2024-05-07T', b'"expires":"2023-04-03T')))  # fmt: skip


def _misplaced(one: Edition, three: Edition) -> Iterator[Case]:
    def inside(name: str, expect: str, about: str, **changed: object) -> Case:
        return chunk_case(f"chunk-{name}", expect, about, signed(header(), seal([payload(20)], header(**changed)).chunks))

    foreign = "E-CHUNK-FOREIGN"
    yield inside("other-edition", foreign, "A chunk of February's edition under March's manifest.",
                 edition="assistance-persons.2023-02.990101.education")  # fmt: skip
    yield inside("other-revision", foreign, "A chunk of revision 2 under revision 1's manifest.", revision=2)
    yield inside("other-sender", foreign, "A chunk that names housing as its sender.", sender=OTHER.id)
    yield inside("other-recipient", foreign, "A chunk addressed to housing.", recipient=OTHER.id, recipient_kid=OTHER.wrap_key.kid)
    yield inside("purpose", "E-CHUNK-HEADER", "Another purpose inside than in the manifest.", purpose="其他用途")
    yield inside("expires", "E-CHUNK-HEADER", "Valid a day less inside than in the manifest.", expires=header().expires - timedelta(days=1))
    yield chunk_case(
        "chunk-of-longer-edition", "E-CHUNK-HEADER", "n is 3 in the chunk and 2 in the manifest.", signed(header(), three.chunks[:2])
    )
    swapped = signed(header(), [three.chunks[1], three.chunks[0], three.chunks[2]])
    yield chunk_case("chunk-order", "E-CHUNK-ORDER", "Chunk 1 in the place of chunk 0, and so in the tree.", swapped)
    tree = tree_of(three.digests)
    digest = "E-CHUNK-DIGEST"
    yield chunk_case("chunk-path-of-another", digest, "The inclusion path of another chunk.", three, index=1, path=tree.inclusion(2))
    yield chunk_case("chunk-path-short", digest, "An inclusion path without its last hash.", three, path=tree.inclusion(0)[:-1])
    yield chunk_case("chunk-path-long", digest, "An inclusion path with a hash too many.", three, path=[*tree.inclusion(0), bytes(32)])
    for name, place in (("wrap", 700), ("body", -1)):
        changed = bytearray(one.chunks[0])
        changed[place if place < 0 else len(take_apart(one.chunks[0]).prefix) + place] ^= 1
        yield chunk_case(f"chunk-bit-in-{name}", digest, f"One bit of the {name} changed on the way.", one, data=bytes(changed))
    yield chunk_case(
        "chunk-outsider", digest, "A well-made chunk that the sender never signed; it would open.", one, data=seal([payload(20)]).chunks[0]
    )


def _sealed(one: Edition) -> Iterator[Case]:
    parts = take_apart(one.chunks[0])
    body, kid = bytes(parts.body), RECIPIENT.wrap_key.kid
    info = suite.wrap_info(kid, parts.prefix)
    cek = RECIPIENT.unwrap(kid, parts.wrap, info)

    def case(name: str, expect: str, about: str, wrap: bytes, inside: bytes) -> Case:
        return chunk_case(f"chunk-{name}", expect, about, signed(header(), [parts.prefix + wrap + inside]))

    def flipped(data: bytes, place: int) -> bytes:
        changed = bytearray(data)
        changed[place] ^= 1
        return bytes(changed)

    key, bad = "E-CHUNK-KEY", "E-CHUNK-BODY"
    yield case("wrap-kem", key, "One bit of the ML-KEM ciphertext.", flipped(parts.wrap, 10), body)
    yield case("wrap-x25519", key, "One bit of the X25519 share.", flipped(parts.wrap, 1100), body)
    yield case("wrap-zero-share", key, "An X25519 share of zeros.", parts.wrap[:1088] + bytes(32) + parts.wrap[1120:], body)
    yield case("wrap-tag", key, "One bit of the wrap's tag.", flipped(parts.wrap, -1), body)
    yield case("wrap-other-key", key, "Wrapped to housing's key under education's name.", suite.wrap(cek, OTHER.wrap_key, info), body)
    yield case("wrap-other-prefix", key, "Wrapped under another prefix.", suite.wrap(cek, RECIPIENT.wrap_key, info + b"\0"), body)
    yield case("wrap-again", bad, "The same content key wrapped anew: the body is bound to its first wrap.",
               suite.wrap(cek, RECIPIENT.wrap_key, info), body)  # fmt: skip
    yield case("body-salt", bad, "One bit of the salt.", parts.wrap, flipped(body, 0))
    yield case("body-commitment", bad, "One bit of the key commitment.", parts.wrap, flipped(body, 24))
    yield case("body-segment", bad, "One bit of the first segment.", parts.wrap, flipped(body, 60))
    yield case("body-last-tag", bad, "One bit of the last tag.", parts.wrap, flipped(body, -1))
    inner = Cobblestone256Encryptor(cek, suite.BODY_CONTEXT + parts.prefix)
    plaintext = len(one.payloads[0]).to_bytes(4, "big") + one.payloads[0]
    plaintext += bytes(FLOOR - len(plaintext))
    yield case(
        "body-context", bad, "A body bound to the prefix but not to the wrap.", parts.wrap, inner.update(plaintext) + inner.finalize()
    )
    segments = seal([os.urandom(40_000)])
    long = take_apart(segments.chunks[0])
    start, step = 56, 16_384 + 16
    inside = bytes(long.body)
    swapped = inside[:start] + inside[start + step : start + 2 * step] + inside[start : start + step] + inside[start + 2 * step :]
    yield chunk_case(
        "chunk-body-segments-swapped", bad, "The first two segments swapped.", signed(header(), [long.prefix + long.wrap + swapped])
    )


def forged(plaintext: bytes) -> Edition:
    """A chunk whose padded plaintext is this, all else right."""
    prefix, cek = Prefixes(header(), 1).at(0), os.urandom(32)
    wrapped = suite.wrap(cek, RECIPIENT.wrap_key, suite.wrap_info(RECIPIENT.wrap_key.kid, prefix))
    encryptor = Cobblestone256Encryptor(cek, suite.body_context(prefix, wrapped))
    return signed(header(), [prefix + wrapped + encryptor.update(plaintext) + encryptor.finalize()])


def _padded() -> Iterator[Case]:
    inside = payload(20)
    length = len(inside).to_bytes(4, "big")
    zeros = bytes(FLOOR - 4 - len(inside))

    def case(name: str, about: str, plaintext: bytes) -> Case:
        return chunk_case(f"chunk-padding-{name}", "E-CHUNK-PADDING", about, forged(plaintext))

    yield case("last-byte", "The last padding byte is not zero.", length + inside + zeros[:-1] + b"\1")
    yield case("first-byte", "The first padding byte is not zero.", length + inside + b"\1" + zeros[1:])
    yield case("bucket", "Padded to a larger bucket than the payload's.", length + inside + zeros + bytes(bucket(20_000) - FLOOR))
    yield case("past-the-end", "A length past the end.", (FLOOR - 3).to_bytes(4, "big") + inside + zeros)
    yield case("huge", "A length of 4 GiB.", b"\xff" * 4 + inside + zeros)


def _coded() -> Iterator[Case]:
    good = payload(20)
    declared = struct.pack("<IBI", 0xFD2FB528, 0b1010_0000, 999) + (1000 << 3 | 1 << 1 | 1).to_bytes(3, "little") + b"\0"
    unsized = zstandard.ZstdCompressor(write_content_size=False).compress(content(20))
    window = struct.pack("<IBBI", 0xFD2FB528, 0b1000_0000, 0b1111_1000, 4) + (4 << 3 | 1 << 1 | 1).to_bytes(3, "little") + b"\0"
    zero = struct.pack("<IBB", 0xFD2FB528, 0b0010_0000, 0) + (1000 << 3 | 1 << 1 | 1).to_bytes(3, "little") + b"\0"
    bomb = zstandard.ZstdCompressor(level=19).compress(bytes(65 * 1024 * 1024))

    def case(name: str, about: str, inside: bytes, expect: str = "E-CONTENT-CODEC") -> Case:
        return chunk_case(f"chunk-content-{name}", expect, about, seal([inside]), needs="zstd")

    yield case("not-zstd", "Bytes that are no zstd frame.", b"not compressed at all")
    yield case("nothing", "No payload at all.", b"")
    yield case("behind-the-frame", "Bytes behind the frame.", good + b"\0")
    yield case("two-frames", "A second frame behind the first.", good + good)
    yield case("unsized", "A frame that does not say how long its content is.", unsized)
    yield case("other-size", "A frame that says 999 and holds 1000 bytes.", declared)
    yield case("zero-size", "A frame that says 0 and holds 1000 bytes.", zero)
    yield case("window", "A frame that asks for a window of 2 TiB.", window)
    yield case("cut", "A frame without its end.", good[:-3])
    yield case("bomb", "65 MiB of zeros in 6 kB.", bomb, "E-CONTENT-SIZE")


def packages() -> Iterator[Case]:
    three, other = seal([payload(20), payload(30), payload(40)]), seal([payload(20)], header(edition="assistance-persons.2023-02"))

    def case(name: str, expect: str, about: str, *data: bytes, edition: Edition = three) -> Case:
        lines = [binary("manifest", edition.envelope), *(binary("chunk", item) for item in data)]
        if expect == "ok":
            lines += [binary("payload", inside) for inside in edition.payloads]
        return Case(f"package-{name}", expect, about, "package", tuple(lines))

    a, b, c = three.chunks
    recall = seal([], header(revision=2, sequence=2), kind="withdrawn", prev="ab" * 32)
    yield case("ok", "ok", "Three chunks, all there.", a, b, c)
    yield case("ok-withdrawn", "ok", "A recall has none.", edition=recall)
    yield case("missing", "E-CHUNK-MISSING", "The second chunk is not there.", a, b"", c)
    yield case("missing-last", "E-CHUNK-MISSING", "The last chunk is not there.", a, b)
    yield case("too-many", "E-PACKAGE-COUNT", "The first chunk once more at the end.", a, b, c, a)
    yield case("reordered", "E-CHUNK-ORDER", "The first two chunks swapped.", b, a, c)
    yield case("doubled", "E-CHUNK-ORDER", "The first chunk in the second place too.", a, a, c)
    yield case("spliced", "E-CHUNK-FOREIGN", "The second chunk is from another edition.", a, other.chunks[0], c)
    changed = b[:-1] + bytes([b[-1] ^ 1])
    yield case("changed", "E-PACKAGE-ROOT", "One bit of the second chunk changed.", a, changed, c)
    one = seal([payload(20)])
    yield case("only-chunk-changed", "E-CHUNK-DIGEST", "One bit of the only chunk changed.",
               one.chunks[0][:-1] + bytes([one.chunks[0][-1] ^ 1]), edition=one)  # fmt: skip
