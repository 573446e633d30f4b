"""Permissions between the plan's words and confluent-kafka's."""

from __future__ import annotations

from collections.abc import Mapping

from confluent_kafka.admin import AclBinding, AclBindingFilter, AclOperation, AclPermissionType, ResourcePatternType, ResourceType

from gateway.carriers.kafka.topics_plan import Permission, Resource

_TYPES: Mapping[Resource, ResourceType] = {
    "topic": ResourceType.TOPIC,
    "group": ResourceType.GROUP,
    "transactional-id": ResourceType.TRANSACTIONAL_ID,
}
_RESOURCES: Mapping[object, Resource] = {kind: name for name, kind in _TYPES.items()}


def everything() -> AclBindingFilter:
    """A filter that finds every permission there is."""
    kind, pattern, operation, effect = ResourceType.ANY, ResourcePatternType.ANY, AclOperation.ANY, AclPermissionType.ANY
    return AclBindingFilter(kind, None, pattern, None, None, operation, effect)  # type: ignore[arg-type]  # None is any; its types forgot


def binding(each: Permission) -> AclBinding:
    """To be created."""
    kind, pattern, operation, effect = _words(each)
    return AclBinding(kind, each.name, pattern, f"User:{each.principal}", each.host, operation, effect)


def precisely(each: Permission) -> AclBindingFilter:
    """A filter that finds that one and no other."""
    kind, pattern, operation, effect = _words(each)
    return AclBindingFilter(kind, each.name, pattern, f"User:{each.principal}", each.host, operation, effect)


def permission(found: AclBinding) -> Permission | None:
    """What is there. None for what is on the cluster itself: administrators have such, and no topic is reached by it."""
    resource = _RESOURCES.get(found.restype)
    if resource is None:
        return None
    return Permission(
        found.principal.removeprefix("User:"),
        resource,
        found.name,
        AclOperation(found.operation).name,
        found.resource_pattern_type == ResourcePatternType.PREFIXED,
        found.host,
        found.permission_type == AclPermissionType.DENY,
    )


def _words(each: Permission) -> tuple[ResourceType, ResourcePatternType, AclOperation, AclPermissionType]:
    return (
        _TYPES[each.resource],
        ResourcePatternType.PREFIXED if each.prefixed else ResourcePatternType.LITERAL,
        AclOperation[each.operation],
        AclPermissionType.DENY if each.denied else AclPermissionType.ALLOW,
    )
