"""Permissions between the plan's words and confluent-kafka's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aiokafka.protocol.admin import DescribeAclsRequest_v1
from aiokafka.protocol.api import Request
from confluent_kafka.admin import AclBinding, AclBindingFilter, AclOperation, AclPermissionType, ResourcePatternType, ResourceType

from gateway.carriers.kafka.admin_request import ask, check
from gateway.carriers.kafka.security import Security
from gateway.carriers.kafka.topics_plan import Permission, Resource

_TYPES: Mapping[Resource, ResourceType] = {
    "topic": ResourceType.TOPIC,
    "group": ResourceType.GROUP,
    "transactional-id": ResourceType.TRANSACTIONAL_ID,
}
_RESOURCES: Mapping[int, Resource] = {kind.value: name for name, kind in _TYPES.items()}
_NO_AUTHORIZER = 54
"""SECURITY_DISABLED."""


def binding(each: Permission) -> AclBinding:
    """To be created."""
    kind, pattern, operation, effect = _words(each)
    return AclBinding(kind, each.name, pattern, f"User:{each.principal}", each.host, operation, effect)


def precisely(each: Permission) -> AclBindingFilter:
    """A filter that finds that one and no other."""
    kind, pattern, operation, effect = _words(each)
    return AclBindingFilter(kind, each.name, pattern, f"User:{each.principal}", each.host, operation, effect)


async def describe(servers: Sequence[str], security: Security, timeout: float) -> frozenset[Permission] | None:
    """Every permission on topics, groups and transactional ids; None where the cluster has no authorizer and allows everything.

    Asked for without confluent-kafka: a cluster's refusal comes out of its `describe_acls` as "none".

    Raises:
        ExchangeError: E-KAFKA-ADMIN, not allowed; E-KAFKA-CLUSTER.
    """
    answer = await ask(servers, security, _Describe(), timeout)
    if answer.error_code == _NO_AUTHORIZER:
        return None
    check(servers, answer.error_code)
    return frozenset(
        Permission(
            who.removeprefix("User:"),
            _RESOURCES[kind],
            name,
            AclOperation(operation).name,
            pattern == ResourcePatternType.PREFIXED.value,
            host,
            effect == AclPermissionType.DENY.value,
        )
        for kind, name, pattern, given in answer.resources
        if kind in _RESOURCES  # not what is on the cluster itself: administrators have such, and no topic is reached by it
        for who, host, operation, effect in given
    )


class _Describe(Request[DescribeAclsRequest_v1]):  # type: ignore[misc]  # aiokafka has no types
    """Everything. Version 1: aiokafka's own request would choose one whose form it has not."""

    API_KEY = 29

    def build(self, request_struct_class: type[DescribeAclsRequest_v1]) -> DescribeAclsRequest_v1:
        any_ = ResourceType.ANY.value
        return request_struct_class(any_, None, any_, None, None, any_, any_)


def _words(each: Permission) -> tuple[ResourceType, ResourcePatternType, AclOperation, AclPermissionType]:
    return (
        _TYPES[each.resource],
        ResourcePatternType.PREFIXED if each.prefixed else ResourcePatternType.LITERAL,
        AclOperation[each.operation],
        AclPermissionType.DENY if each.denied else AclPermissionType.ALLOW,
    )
