"""What a home says to brokers about itself: from its URL and its [kafka] table; never in the clear by accident, never a secret in sight."""

from __future__ import annotations

import secrets
import socket
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from contracts.errors import ExchangeError
from gateway.carriers.kafka.security import PLAINTEXT, Security, address
from gateway.carriers.kafka.security_diagnosis import certificate, check_own, diagnose, knock
from tests.kafka.certificates import Authority
from tests.unit.gateway.carriers.doors import door

TLS = {"ca": "ca.pem", "certificate": "one.pem", "key": "one.key"}
SCRAM = {"ca": "ca.pem", "user": "522722-education", "password_file": "secret"}


def code(refused: pytest.ExceptionInfo[ExchangeError]) -> str:
    return refused.value.code


def test_a_url_names_brokers_prefix_and_nothing_secret() -> None:
    found = address(f"kafka:one.example:9092,[::1]:9093,10.0.0.1:9094?prefix=trial&plaintext={PLAINTEXT}")
    assert found.servers == ("one.example:9092", "[::1]:9093", "10.0.0.1:9094")
    assert (found.naming.prefix, found.plaintext) == ("trial", True)
    assert address("kafka:a:1").naming.prefix == "roster"
    assert not address("kafka:a:1").plaintext


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("kafka:", "E-CARRIER-URL"), ("kafka:one", "E-CARRIER-URL"), ("kafka:one:0", "E-CARRIER-URL"), ("kafka:one:65536", "E-CARRIER-URL"),
        ("kafka:one:9092,", "E-CARRIER-URL"), ("kafka://one:9092", "E-CARRIER-URL"), ("kafka:u:p@one:9092", "E-CARRIER-URL"),
        ("kafka:one:9092?password=x", "E-CARRIER-URL"), ("kafka:one:9092?plaintext=yes", "E-KAFKA-PLAINTEXT"),
        ("kafka:one:9092?plaintext=", "E-KAFKA-PLAINTEXT"), ("kafka:one:9092?prefix=A", "E-KAFKA-PREFIX"),
        ("dir:one:9092", "E-CARRIER-URL"),
    ],
)  # fmt: skip
def test_any_other_url_is_refused(url: str, wanted: str) -> None:
    with pytest.raises(ExchangeError) as refused:
        address(url)
    assert code(refused) == wanted


@pytest.mark.parametrize(
    "settings",
    [
        {}, {"ca": "x"}, {"certificate": "x"}, {"key": "x"}, {"user": "x"}, {"password_file": "x"}, {"password": "x", "user": "y"},
        {**TLS, **SCRAM}, {**TLS, "verify": "no"},
    ],
)  # fmt: skip
def test_half_a_way_in_two_or_none_is_refused(settings: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(ExchangeError) as refused:
        Security.of(address("kafka:one:9092"), settings, tmp_path)
    assert code(refused) == "E-KAFKA-SECURITY"
    assert "y" not in refused.value.facts.values(), "no value of the table is shown"


def test_plaintext_is_by_name_alone_and_beside_nothing(tmp_path: Path) -> None:
    loud = address(f"kafka:one:9092?plaintext={PLAINTEXT}")
    assert Security.of(loud, {}, tmp_path).aiokafka() == {"security_protocol": "PLAINTEXT"}
    with pytest.raises(ExchangeError) as refused:
        Security.of(loud, TLS, tmp_path)
    assert code(refused) == "E-KAFKA-SECURITY"


def test_no_secret_is_kept_or_shown(tmp_path: Path) -> None:
    Authority.make(tmp_path)
    secret = secrets.token_hex(8)
    (tmp_path / "secret").write_text(f"{secret}\r\n")
    made = Security.of(address("kafka:one:9092"), SCRAM, tmp_path)
    assert secret not in repr(made)
    assert made.aiokafka()["sasl_plain_password"] == secret
    assert made.librdkafka()["sasl.password"] == secret
    (tmp_path / "secret").write_text("another")
    assert made.password() == "another", "read anew each time"
    assert made.secrets == (tmp_path / "secret",)


def test_files_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    authority = Authority.make(tmp_path)
    authority.issue("one")
    authority.issue("two")
    where = address("kafka:one:9092")
    for wrong in ({"ca": "none.pem"}, {"ca": "one.key"}, {"key": "two.key"}, {"certificate": "one.key"}, {"key": "none"}):
        with pytest.raises(ExchangeError) as refused:
            Security.of(where, {**TLS, **wrong}, tmp_path).librdkafka()
        assert code(refused) == "E-KAFKA-FILE", wrong
        assert str(tmp_path) not in refused.value.message("en")
    (tmp_path / "empty").touch()
    with pytest.raises(ExchangeError) as refused:
        Security.of(where, {**SCRAM, "password_file": "empty"}, tmp_path).aiokafka()
    assert code(refused) == "E-KAFKA-FILE"


def test_tls_checks_names_and_is_not_old(tmp_path: Path) -> None:
    Authority.make(tmp_path).issue("one")
    context = Security.of(address("kafka:one:9092"), TLS, tmp_path).context()
    assert context.check_hostname
    assert context.verify_mode.name == "CERT_REQUIRED"
    assert context.minimum_version.name == "TLSv1_2"


def test_ones_own_certificate_is_looked_at_before_anybody_is_asked(tmp_path: Path) -> None:
    authority = Authority.make(tmp_path)
    authority.issue("old", begins=timedelta(-9), ends=timedelta(-1))
    authority.issue("early", begins=timedelta(1), ends=timedelta(9))
    at = datetime.now(UTC)
    for name in ("old", "early"):
        made = Security("SSL", authority.file, tmp_path / f"{name}.pem", tmp_path / f"{name}.key")
        with pytest.raises(ExchangeError) as refused:
            check_own(made, at)
        assert code(refused) == "E-KAFKA-CERT-EXPIRED"
        told = diagnose(["127.0.0.1:1"], made, at)
        assert told is not None
        assert told.code == "E-KAFKA-CERT-EXPIRED"
    authority.issue("522722-education")
    assert certificate(tmp_path / "522722-education.pem").name == "522722-education"
    with pytest.raises(ExchangeError, match="E-KAFKA-FILE"):
        certificate(tmp_path / "old.key")


def test_where_nobody_is_that_is_said(tmp_path: Path) -> None:
    for server in ("127.0.0.1:1", "nowhere.invalid:9092"):
        told = knock(server, Security("PLAINTEXT"), timeout=2)
        assert told is not None
        assert told.code == "E-CARRIER-REACH"
        assert server in str(told.facts["place"])


def answering(answer: bytes) -> AbstractContextManager[str]:
    """A port whose owner says this to everybody and hangs up."""

    def talk(client: socket.socket) -> None:
        client.recv(4096)
        client.sendall(answer)

    return door(talk)


@pytest.mark.parametrize(
    ("answer", "wanted"),
    [(b"", "E-CARRIER-REACH"), (b"HTTP/1.1 400 Bad Request\r\n\r\n", "E-KAFKA-TLS")],
    ids=["a proxy whose broker is away", "no broker at all"],
)
@pytest.mark.parametrize("sealed", [False, True], ids=["plain", "tls"])
def test_who_hangs_up_is_not_taken_for_one_who_speaks_otherwise(tmp_path: Path, answer: bytes, wanted: str, sealed: bool) -> None:
    authority = Authority.make(tmp_path, "a CA")
    security = Security("SSL", authority.file, *authority.issue("one")) if sealed else Security("PLAINTEXT")
    with answering(answer) as server:
        told = knock(server, security, timeout=5)
    assert told is not None
    assert told.code == wanted


def test_another_broker_that_answers_clears_one_that_hangs_up(tmp_path: Path) -> None:
    good = b"\0\0\0\x06\0\0\0\1\0\0"
    with answering(good) as one, answering(b"") as other, answering(b"SSH-2.0-x\r\n") as foreign:
        assert diagnose([one, other], Security("PLAINTEXT"), datetime.now(UTC), each=True) is None
        told = diagnose([one, other, foreign], Security("PLAINTEXT"), datetime.now(UTC), each=True)
    assert told is not None
    assert (told.code, told.facts["server"]) == ("E-KAFKA-TLS", foreign)
