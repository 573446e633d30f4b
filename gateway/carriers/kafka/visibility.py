"""Waiting until what was committed can be read: brokers acknowledge a commit before its markers are in the partitions."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from aiokafka import AIOKafkaConsumer, TopicPartition

from gateway.carriers.kafka.client import learn
from gateway.carriers.kafka.patience import patiently

_PAUSE = 0.01


async def visible(consumer: AIOKafkaConsumer, reached: Mapping[TopicPartition, int]) -> None:
    """Return when readers of what is committed see these offsets; else they would see them a moment later."""
    places = list(reached)
    await learn(consumer, [place.topic for place in places])
    while True:
        ends = await patiently(lambda: consumer.end_offsets(places))
        if all(ends[place] > reached[place] for place in places):
            return
        await asyncio.sleep(_PAUSE)
