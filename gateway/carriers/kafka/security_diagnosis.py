"""Why a broker cannot be spoken to, in words: nobody there, a certificate that is not believed, or has run out, or a wrong password.

Kafka clients retry such things until their time is up and then say "no brokers". So this knocks at each door itself, once.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from aiokafka import errors as kafka
from aiokafka.errors import KafkaConnectionError, KafkaError
from cryptography import x509
from cryptography.x509.oid import NameOID

from contracts.errors import ExchangeError
from gateway.carriers.kafka.security import Security, readable
from gateway.carriers.kafka.security_connection import connected
from gateway.carriers.kafka.security_validity import TOO_EARLY, TOO_LATE, out_of_time, place

_API_VERSIONS = bytes.fromhex("0000000a 0012 0000 00000001 0000")
"""The one request every broker answers before it knows who asks: api 18, version 0, correlation 1, empty client id."""
_REFUSED = (kafka.AuthenticationFailedError, kafka.AuthenticationMethodNotSupported, kafka.SaslAuthenticationFailed,
            kafka.UnsupportedSaslMechanismError, kafka.IllegalSaslStateError)
_REACH = "E-CARRIER-REACH"


@dataclass(frozen=True, slots=True)
class Certificate:
    """What matters of a certificate.

    Attributes:
        name: its CN, which brokers take for a client's principal.
    """

    name: str
    begins: datetime
    ends: datetime


def certificate(file: Path) -> Certificate:
    """The first certificate of a PEM file.

    Raises:
        ExchangeError: E-KAFKA-FILE.
    """
    data = readable(file)
    try:
        found = x509.load_pem_x509_certificate(data)
    except ValueError:
        raise ExchangeError("E-KAFKA-FILE", file=file.name, why="no PEM certificate") from None
    names = found.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return Certificate(str(names[0].value) if names else "", found.not_valid_before_utc, found.not_valid_after_utc)


def check_own(security: Security, at: datetime) -> None:
    """Return if our own certificate is good at `at`. Brokers only say that they do not like it.

    Raises:
        ExchangeError: E-KAFKA-CERT-EXPIRED, E-KAFKA-FILE.
    """
    if security.certificate is not None:
        found = certificate(security.certificate)
        if not found.begins <= at < found.ends:
            day = found.ends if at >= found.ends else found.begins
            raise ExchangeError("E-KAFKA-CERT-EXPIRED", whose=security.certificate.name, day=day.date().isoformat())


def diagnose(
    servers: Sequence[str], security: Security, at: datetime, *, timeout: float = 5.0, each: bool = False
) -> ExchangeError | None:
    """Why none of `servers` can be spoken to; None when one can. Not from inside an event loop.

    Args:
        timeout: seconds for each server.
        each: something has failed although one can be spoken to: then what a person can mend at another is the answer.

    Returns:
        What a person can mend comes before what only says that nobody is there.
    """
    try:
        check_own(security, at)
    except ExchangeError as error:
        return error
    found = [knock(server, security, timeout=timeout) for server in servers]
    told = [error for error in found if error is not None]
    mendable = next((error for error in told if error.code != _REACH), None)
    if None in found:
        return mendable if each else None
    return mendable or (told[0] if told else None)


def knock(server: str, security: Security, *, timeout: float = 5.0) -> ExchangeError | None:
    """Whether one broker (`host:port`) can be spoken to: None, or E-CARRIER-REACH, E-KAFKA-TLS, -CERT-*, -PASSWORD, -FILE."""
    host, port = place(server)
    try:
        context = None if security.protocol == "PLAINTEXT" else security.context()
        with socket.create_connection((host, port), timeout) as plain:
            if context is None:
                _ask(plain)
            else:
                with context.wrap_socket(plain, server_hostname=host) as sealed:
                    _ask(sealed)
        if security.user is not None:
            asyncio.run(_sign_in(server, security, timeout))
    except ExchangeError as error:
        return error
    except (EOFError, ssl.SSLEOFError, ConnectionResetError):
        return _hung_up(server, security, timeout)
    except (OSError, ValueError, KafkaError) as error:
        return _explained(server, security, error)
    return None


def _hung_up(server: str, security: Security, timeout: float) -> ExchangeError:
    """Brokers hang up on who speaks the other way, with TLS or without; a proxy does whose broker is away. So the other way is tried."""
    sealed = security.protocol == "PLAINTEXT"
    try:
        with socket.create_connection(place(server), timeout) as plain:
            if sealed:
                _shake_hands(plain)
            else:
                _ask(plain)
    except (OSError, EOFError, ValueError):
        return ExchangeError(_REACH, place=f"kafka:{server}", why="hangs up")
    return ExchangeError("E-KAFKA-TLS", server=server, why="TLS" if sealed else "no TLS")


def _shake_hands(connection: socket.socket) -> None:
    """TLS is spoken here, by whomever; nothing is said over it.

    Raises:
        OSError: it is not.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        context.wrap_socket(connection).close()
    except ssl.SSLEOFError:
        raise
    except ssl.SSLError as error:
        if "ALERT" not in (error.reason or ""):  # to be refused in TLS is TLS
            raise


def _explained(server: str, security: Security, error: Exception) -> ExchangeError:
    """What went wrong at that door, as a code with its remedy."""
    match error:
        case ssl.SSLError():
            return _explained_tls(server, security, error)
        case ValueError():
            return ExchangeError("E-KAFKA-TLS", server=server, why="no Kafka")
        case OSError():
            return ExchangeError(_REACH, place=f"kafka:{server}", why=error.strerror or str(error) or type(error).__name__)
        case KafkaConnectionError():
            return ExchangeError(_REACH, place=f"kafka:{server}", why="closed while signing in")
        case KafkaError() if not isinstance(error, _REFUSED):
            return ExchangeError(_REACH, place=f"kafka:{server}", why=type(error).__name__)
        case _:
            return ExchangeError("E-KAFKA-PASSWORD", server=server, user=security.user or "", why=type(error).__name__)


def _explained_tls(server: str, security: Security, error: ssl.SSLError) -> ExchangeError:
    if isinstance(error, ssl.SSLCertVerificationError):
        if error.verify_code in {TOO_EARLY, TOO_LATE}:
            return out_of_time(server, security, early=error.verify_code == TOO_EARLY)
        return ExchangeError("E-KAFKA-CERT-OTHERS", server=server, why=error.verify_message)
    why = error.reason or type(error).__name__
    return ExchangeError("E-KAFKA-CERT-REFUSED" if "ALERT" in why else "E-KAFKA-TLS", server=server, why=why)


def _ask(connection: socket.socket) -> None:
    """An answer of Kafka's form comes.

    Raises:
        EOFError: the other side hung up. ValueError: it speaks something else.
        OSError: refused, reset, or out of time; ssl.SSLError is one, and TLS 1.3 says only here that a certificate was refused.
    """
    connection.sendall(_API_VERSIONS)
    answer = b""
    while len(answer) < 8:
        more = connection.recv(8 - len(answer))
        if not more:
            raise EOFError
        answer += more
    if answer[4:] != b"\0\0\0\1":
        raise ValueError


async def _sign_in(server: str, security: Security, timeout: float) -> None:
    """Show who we are.

    Raises:
        KafkaError: refused. OSError, TimeoutError: gone.
    """
    async with connected(server, security, timeout):
        return
