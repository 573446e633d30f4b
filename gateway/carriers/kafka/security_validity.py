"""Whose certificate it is that a broker is not believed for because of a date: the broker's own, or one that lies in this home."""

from __future__ import annotations

import socket
import ssl
from datetime import datetime
from pathlib import Path

from cryptography import x509

from contracts.errors import ExchangeError
from gateway.carriers.kafka.security import Security, readable

TOO_EARLY, TOO_LATE = 9, 10
"""OpenSSL's X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED. It does not say of which certificate in the chain."""
_SECONDS = 5.0


def out_of_time(server: str, security: Security, *, early: bool) -> ExchangeError:
    """What to say of a broker (`host:port`) whose chain is not valid yet, or any more.

    Of the broker's certificate and its authority's in our file, the one that begins last or ends first is the one that is meant.

    Returns:
        E-KAFKA-CERT-BROKER, its operator's to mend; E-KAFKA-CERT-EXPIRED, our file with the authority's certificate.
    """
    theirs = _shown(server)
    if theirs is None:
        return ExchangeError("E-KAFKA-CERT-BROKER", server=server, day="-")
    authority = None if security.ca is None else _issuer(theirs, security.ca, early=early)
    theirs_day = _day(theirs, early=early)
    if security.ca is not None and authority is not None:
        day = _day(authority, early=early)
        if (day > theirs_day) if early else (day < theirs_day):
            return ExchangeError("E-KAFKA-CERT-EXPIRED", whose=security.ca.name, day=day.date().isoformat())
    return ExchangeError("E-KAFKA-CERT-BROKER", server=server, day=theirs_day.date().isoformat())


def place(server: str) -> tuple[str, int]:
    """Host and port of `host:port`; an IPv6 address without its brackets."""
    host, _, port = server.rpartition(":")
    return host.strip("[]"), int(port)


def _day(found: x509.Certificate, *, early: bool) -> datetime:
    return found.not_valid_before_utc if early else found.not_valid_after_utc


def _shown(server: str) -> x509.Certificate | None:
    """What a broker shows, for its dates alone: unbelieved as it is, nothing is sent there. None where it shows nothing now."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    host, port = place(server)
    try:
        with socket.create_connection((host, port), _SECONDS) as plain, context.wrap_socket(plain, server_hostname=host) as sealed:
            return x509.load_der_x509_certificate(sealed.getpeercert(binary_form=True) or b"")
    except (OSError, ValueError):
        return None


def _issuer(issued: x509.Certificate, file: Path, *, early: bool) -> x509.Certificate | None:
    """The authority of a certificate, where a PEM file has it: of an old one and its successor the one that may still be good."""
    try:
        found = [each for each in x509.load_pem_x509_certificates(readable(file)) if each.subject == issued.issuer]
    except (ExchangeError, ValueError):
        return None
    if early:
        return min(found, key=lambda each: each.not_valid_before_utc, default=None)
    return max(found, key=lambda each: each.not_valid_after_utc, default=None)
