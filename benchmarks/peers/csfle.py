"""(b) Confluent client-side field-level encryption, in its own Python client: mock registry, local key management, no broker.

Every record goes through AvroSerializer with an ENCRYPT rule over the personal text fields. What a producer would do next is
done in the peer's favour: values are batched and compressed with zstd, and no network is used. Its key-management client is
one per process, so all departments share a key.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from pathlib import Path

import zstandard

from benchmarks.job import PERSONAL, Job
from benchmarks.peers.durable import put, settle
from contracts.avro_types import Schema, fields_of, strip_null
from contracts.views import View

BATCH = 512 * 1024
LEVEL = 3
Serialize = Callable[[dict[str, object]], bytes]


@dataclass(frozen=True, slots=True)
class Wire:
    """Bytes of one run: as serialised, and in compressed batches."""

    serialised: int
    compressed: int


def version() -> str | None:
    """Version of the client, None where it is not installed."""
    try:
        return installed("confluent-kafka") and installed("authlib")  # its registry client, which the gateway does without
    except PackageNotFoundError:
        return None


def tagged(view: View) -> Schema:
    """The view's Avro schema with the tag that the rule looks for on personal text fields."""
    schema: Schema = json.loads(json.dumps(view.schema))
    for field in fields_of(schema):
        classes = field.get("class")
        personal = isinstance(classes, list) and bool(PERSONAL & set(map(str, classes)))
        if personal and strip_null(field["type"])[0] == "string":
            field["confluent:tags"] = ["PII"]
    return schema


def serializers(job: Job) -> list[Serialize]:
    """One serializer a department, registered with its schema and rule.

    Imported by name, not by statement: the client is optional, and types should not differ with its presence.
    """
    registry_module = import_module("confluent_kafka.schema_registry")
    encryption = "confluent_kafka.schema_registry.rules.encryption"
    import_module(f"{encryption}.localkms.local_driver").LocalKmsDriver.register()
    registry = import_module("confluent_kafka.schema_registry.rule_registry").RuleRegistry()
    registry.register_executor(import_module(f"{encryption}.encrypt_executor").FieldEncryptionExecutor())
    client = registry_module.SchemaRegistryClient.new_client({"url": "mock://"})
    parameters = registry_module.RuleParams({"encrypt.kek.name": "k", "encrypt.kms.type": "local-kms", "encrypt.kms.key.id": "k"})
    rule = registry_module.Rule(
        name="enc", doc="", kind=registry_module.RuleKind.TRANSFORM, mode=registry_module.RuleMode.WRITEREAD, type="ENCRYPT", tags=["PII"],
        params=parameters, expr=None, on_success=None, on_failure="ERROR,ERROR", disabled=False)
    made: list[Serialize] = []
    for delivery in job.deliveries:
        topic = f"{delivery.view.feed}.{delivery.view.to}"
        schema = registry_module.Schema(json.dumps(tagged(delivery.view)), "AVRO", [], None, registry_module.RuleSet(None, [rule]))
        client.register_schema(f"{topic}-value", schema)
        serializer = import_module("confluent_kafka.schema_registry.avro").AvroSerializer(
            client, None, conf={"auto.register.schemas": False, "use.latest.version": True}, rule_conf={"secret": "benchmark"},
            rule_registry=registry)
        made.append(_bound(serializer, topic))
    return made


def _bound(serializer: Callable[[dict[str, object], object], bytes], topic: str) -> Serialize:
    serialization = import_module("confluent_kafka.serialization")
    context = serialization.SerializationContext(topic, serialization.MessageField.VALUE)
    return lambda record: serializer(record, context)


def publish(job: Job, folder: Path, ways: list[Serialize]) -> Wire:
    """Serialise every record, compress in batches, write one file a department."""
    folder.mkdir(parents=True)
    compressor = zstandard.ZstdCompressor(level=LEVEL)
    serialised = compressed = 0
    for number, (delivery, serialize) in enumerate(zip(job.assembled(), ways, strict=True)):
        batches: list[bytes] = []
        batch = bytearray()
        for record in delivery.cut().iter_rows(named=True):
            value = serialize(record)
            serialised += len(value)
            batch += len(value).to_bytes(4, "big") + value
            if len(batch) >= BATCH:
                batches.append(compressor.compress(bytes(batch)))
                batch.clear()
        batches.append(compressor.compress(bytes(batch)))
        compressed += put(folder / f"{number}.batches", b"".join(batches))
    settle(folder)
    return Wire(serialised, compressed)
