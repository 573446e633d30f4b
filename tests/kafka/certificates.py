"""Certificates for tests: an authority, and what it signs for brokers and agencies."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Authority:
    """Signs. `file` is its own certificate, PEM."""

    folder: Path
    name: x509.Name
    key: ec.EllipticCurvePrivateKey
    file: Path

    @classmethod
    def make(
        cls, folder: Path, name: str = "cluster CA", *, begins: timedelta = timedelta(-1), ends: timedelta = timedelta(300)
    ) -> Authority:
        folder.mkdir(parents=True, exist_ok=True)
        key = ec.generate_private_key(ec.SECP256R1())
        subject = _name(name)
        begun = _begun(subject, subject, key, begins, ends)
        made = begun.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True).sign(key, SHA256())
        file = folder / "ca.pem"
        file.write_bytes(made.public_bytes(Encoding.PEM))
        return cls(folder, subject, key, file)

    def issue(self, name: str, *, begins: timedelta = timedelta(-1), ends: timedelta = timedelta(300)) -> tuple[Path, Path]:
        """(certificate, key) as PEM files; valid on 127.0.0.1 and localhost, from and to relative to now."""
        key = ec.generate_private_key(ec.SECP256R1())
        places = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        begun = _begun(_name(name), self.name, key, begins, ends)
        made = begun.add_extension(x509.SubjectAlternativeName(places), critical=False).sign(self.key, SHA256())
        certificate, secret = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        certificate.write_bytes(made.public_bytes(Encoding.PEM))
        secret.touch(mode=0o600)
        secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return certificate, secret


def _name(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name), x509.NameAttribute(NameOID.ORGANIZATION_NAME, "roster test")])


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, begins: timedelta, ends: timedelta
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + begins)
        .not_valid_after(now + ends)
    )
