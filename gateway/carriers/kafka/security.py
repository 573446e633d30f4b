"""How a home speaks to brokers: where they are, whom it believes, how it shows who it is.

The URL names brokers and nothing secret: `kafka:HOST:PORT[,HOST:PORT...][?prefix=WORD]`. The table `[kafka]` of the home's
configuration names files, relative to the home:

    ca = "kafka/ca.pem"                     whom to believe; without it, whom the operating system believes
    certificate = "kafka/client.pem"        client certificate and ...
    key = "kafka/client.key"                ... its private key, or
    user = "522722-education"               SCRAM-SHA-512 over TLS, with the
    password_file = "kafka/password"        password in a file of its own

A secret is read when a connection is made and stands in no configuration, log, database or error. Without TLS nothing is spoken,
unless the URL says `plaintext=i-know-everyone-can-listen`.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qsl

from contracts.errors import ExchangeError
from gateway.carriers.kafka.topics import PREFIX, Naming

PLAINTEXT = "i-know-everyone-can-listen"
MECHANISM = "SCRAM-SHA-512"
SETTINGS = frozenset({"ca", "certificate", "key", "user", "password_file"})

Protocol = Literal["PLAINTEXT", "SSL", "SASL_SSL"]

_SERVER = re.compile(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):([0-9]{1,5})")


@dataclass(frozen=True, slots=True)
class Address:
    """A carrier URL, taken apart.

    Attributes:
        servers: `host:port` of the brokers to begin with.
        plaintext: whether the URL says that everyone may listen.
    """

    servers: tuple[str, ...]
    naming: Naming
    plaintext: bool

    @property
    def place(self) -> str:
        """For messages."""
        return f"kafka:{','.join(self.servers)}"


def address(url: str) -> Address:
    """What a `kafka:` URL says.

    Raises:
        ExchangeError: E-CARRIER-URL, no such URL; E-KAFKA-PREFIX; E-KAFKA-PLAINTEXT, `plaintext` without the words it wants.
    """
    kind, _, rest = url.partition(":")
    places, _, query = rest.partition("?")
    servers = tuple(places.split(","))
    if kind != "kafka" or not all((match := _SERVER.fullmatch(server)) and 0 < int(match[2]) < 65536 for server in servers):
        raise ExchangeError("E-CARRIER-URL", given=f"{kind[:20]}:{places[:60]}")
    options = dict(parse_qsl(query, keep_blank_values=True))
    if unknown := sorted(options.keys() - {"plaintext", "prefix"}):
        raise ExchangeError("E-CARRIER-URL", given=f"?{unknown[0][:40]}=")
    plaintext = options.get("plaintext")
    if plaintext not in {None, PLAINTEXT}:
        raise ExchangeError("E-KAFKA-PLAINTEXT", words=PLAINTEXT)
    return Address(servers, Naming(options.get("prefix", PREFIX)), plaintext is not None)


@dataclass(frozen=True, slots=True)
class Security:
    """Whom a home believes and how it shows who it is. Holds places of secrets, never a secret.

    Attributes:
        ca: PEM of those who sign the brokers' certificates; None: the operating system's.
        certificate, key: PEM files, together or not at all.
        user, password_file: together or not at all, and not beside a certificate.
    """

    protocol: Protocol
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    user: str | None = None
    password_file: Path | None = None

    @property
    def files(self) -> tuple[Path, ...]:
        """Every file that it names."""
        return tuple(file for file in (self.ca, self.certificate, self.key, self.password_file) if file is not None)

    @property
    def secrets(self) -> tuple[Path, ...]:
        """Those that nobody else should be able to read."""
        return tuple(file for file in (self.key, self.password_file) if file is not None)

    @classmethod
    def of(cls, where: Address, settings: Mapping[str, str], home: Path) -> Security:
        """From the URL and the `[kafka]` table. Touches no disk.

        Raises:
            ExchangeError: E-KAFKA-SECURITY, an unknown setting, half of a pair, both ways at once, or none at all.
        """
        if unknown := sorted(settings.keys() - SETTINGS):
            raise ExchangeError("E-KAFKA-SECURITY", why=f"kafka.{unknown[0][:40]}")
        if where.plaintext:
            if settings:
                raise ExchangeError("E-KAFKA-SECURITY", why="plaintext + [kafka]")
            return cls("PLAINTEXT")
        given = settings.keys() - {"ca"}
        files = {name: home / value for name, value in settings.items() if name != "user"}
        if given == {"certificate", "key"}:
            return cls("SSL", files.get("ca"), files["certificate"], files["key"])
        if given == {"user", "password_file"}:
            return cls("SASL_SSL", files.get("ca"), None, None, settings["user"], files["password_file"])
        raise ExchangeError("E-KAFKA-SECURITY", why=", ".join(sorted(given)) or "[kafka] -")

    def password(self) -> str:
        """The password, read anew each time, without the line end.

        Raises:
            ExchangeError: E-KAFKA-FILE, no such file, not to be read, or empty.
        """
        if self.password_file is None:  # only a programming error comes here
            raise ExchangeError("E-KAFKA-SECURITY", why="password_file")
        found = readable(self.password_file).decode("utf-8", "replace").rstrip("\r\n")
        if not found:
            raise ExchangeError("E-KAFKA-FILE", file=self.password_file.name, why="empty")
        return found

    def context(self) -> ssl.SSLContext:
        """TLS 1.2 or later with names checked.

        Raises:
            ExchangeError: E-KAFKA-FILE, a file cannot be read or is not what it should be, or the key is not the certificate's.
        """
        for file in self.files:
            readable(file)
        try:
            made = ssl.create_default_context(cafile=None if self.ca is None else str(self.ca))
        except (ssl.SSLError, ValueError) as error:
            raise ExchangeError("E-KAFKA-FILE", file=self.ca.name if self.ca else "ca", why=_reason(error)) from None
        made.minimum_version = ssl.TLSVersion.TLSv1_2
        if self.certificate is not None and self.key is not None:
            try:
                made.load_cert_chain(self.certificate, self.key, password="")  # an encrypted key must fail, not ask the terminal
            except (ssl.SSLError, ValueError) as error:
                raise ExchangeError("E-KAFKA-FILE", file=f"{self.certificate.name}, {self.key.name}", why=_reason(error)) from None
        return made

    def aiokafka(self) -> dict[str, object]:
        """Keyword arguments of aiokafka's clients.

        Raises:
            ExchangeError: E-KAFKA-FILE.
        """
        found: dict[str, object] = {"security_protocol": self.protocol}
        if self.protocol != "PLAINTEXT":
            found["ssl_context"] = self.context()
        if self.user is not None:
            found |= {"sasl_mechanism": MECHANISM, "sasl_plain_username": self.user, "sasl_plain_password": self.password()}
        return found

    def librdkafka(self) -> dict[str, str]:
        """Configuration of confluent-kafka's clients.

        Raises:
            ExchangeError: E-KAFKA-FILE; here rather than from librdkafka, which writes to stderr instead.
        """
        found: dict[str, str] = {"security.protocol": self.protocol}
        if self.protocol != "PLAINTEXT":
            self.context()
            found["ssl.ca.location"] = "probe" if self.ca is None else str(self.ca)
        if self.certificate is not None and self.key is not None:
            found |= {"ssl.certificate.location": str(self.certificate), "ssl.key.location": str(self.key)}
        if self.user is not None:
            found |= {"sasl.mechanism": MECHANISM, "sasl.username": self.user, "sasl.password": self.password()}
        return found


def readable(file: Path) -> bytes:
    """A file that the configuration names.

    Raises:
        ExchangeError: E-KAFKA-FILE.
    """
    try:
        return file.read_bytes()
    except OSError as error:
        raise ExchangeError("E-KAFKA-FILE", file=file.name, why=error.strerror or type(error).__name__) from None


def _reason(error: Exception) -> str:
    """OpenSSL's own short word, without its place in a source file."""
    return getattr(error, "reason", None) or type(error).__name__
