"""Quotas of users, which neither client's admin class can set: its two requests, made over aiokafka's connections.

https://kafka.apache.org/protocol: DescribeClientQuotas v0 (in aiokafka), AlterClientQuotas v0 (below).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aiokafka.protocol.admin import DescribeClientQuotasRequest
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import Array, Boolean, Float64, Int16, Int32, Schema, String

from gateway.carriers.kafka.admin_request import ask, check
from gateway.carriers.kafka.security import Security
from gateway.carriers.kafka.topics_plan import Quota

_KEYS = ("producer_byte_rate", "consumer_byte_rate", "request_percentage")
_USER = "user"
_ANY = 2
"""Match type: every named entity of that kind."""

_ENTITY = Array(("entity_type", String("utf-8")), ("entity_name", String("utf-8")))


class _AlterResponse(Response):  # type: ignore[misc]  # aiokafka has no types
    API_KEY = 49
    API_VERSION = 0
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        ("entries", Array(("error_code", Int16), ("error_message", String("utf-8")), ("entity", _ENTITY))),
    )


class _AlterStruct(RequestStruct):  # type: ignore[misc]  # aiokafka has no types
    API_KEY = 49
    API_VERSION = 0
    RESPONSE_TYPE = _AlterResponse
    SCHEMA = Schema(
        ("entries", Array(("entity", _ENTITY), ("ops", Array(("key", String("utf-8")), ("value", Float64), ("remove", Boolean))))),
        ("validate_only", Boolean),
    )


class _Alter(Request[_AlterStruct]):  # type: ignore[misc]  # aiokafka has no types
    API_KEY = 49

    def __init__(self, entries: Sequence[tuple[object, ...]]) -> None:
        self._entries = entries

    def build(self, request_struct_class: type[_AlterStruct]) -> _AlterStruct:
        return request_struct_class(list(self._entries), False)  # noqa: FBT003  # positional by aiokafka's design


async def describe(servers: Sequence[str], security: Security, timeout: float) -> dict[str, Quota]:
    """The quotas of every user that has one, by principal. One without a key has it without limit (infinity).

    Raises:
        ExchangeError: E-KAFKA-ADMIN, not allowed; E-KAFKA-CLUSTER.
    """
    everyone = DescribeClientQuotasRequest([(_USER, _ANY, None)], strict=True)
    answer = await ask(servers, security, everyone, timeout)
    check(servers, answer.error_code)
    found: dict[str, Quota] = {}
    for entity, values in answer.entries:
        given = dict(values)
        found[dict(entity)[_USER] or ""] = Quota(dict(entity)[_USER] or "", *(given.get(key, float("inf")) for key in _KEYS))
    return found


async def alter(servers: Sequence[str], security: Security, wanted: Mapping[str, Quota | None], timeout: float) -> None:
    """Set the quotas of principals; None takes all of one's away.

    Raises:
        ExchangeError: E-KAFKA-ADMIN, not allowed; E-KAFKA-CLUSTER.
    """
    entries: list[tuple[object, ...]] = []
    for name, quota in wanted.items():
        values = (0.0, 0.0, 0.0) if quota is None else (quota.produce, quota.fetch, quota.requests)
        entries.append(([(_USER, name)], [(key, value, quota is None) for key, value in zip(_KEYS, values, strict=True)]))
    answer = await ask(servers, security, _Alter(entries), timeout)
    for code, _, _ in answer.entries:
        check(servers, code)
