"""What can happen to brokers and the wires to them while a command runs."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable

from deploy.kafka.broker import Broker
from tests.fault.province import Heal, Province


def leader_killed(place: Province) -> Callable[[], Heal]:
    return _killed(place.cluster.broker(place.leader()))


def controller_killed(place: Province) -> Callable[[], Heal]:
    return _killed(place.cluster.broker(place.controller()))


def all_restarted(place: Province) -> Callable[[], Heal]:
    """Power fails everywhere, and comes back after a moment."""

    def harm() -> Heal:
        for broker in place.cluster.brokers:
            broker.kill()
        time.sleep(place.chance.uniform(0, 1))
        for broker in place.cluster.brokers:
            broker.start()
        return _nothing

    return harm


def leader_out_of_reach(place: Province) -> Callable[[], Heal]:
    """The wire to the leader is silent or torn for some seconds; the brokers see each other all the time."""
    wire = place.wires[place.leader()]
    cut, seconds = place.chance.choice([wire.silence, wire.tear]), place.chance.uniform(0.5, 5)

    def harm() -> Heal:
        cut()
        time.sleep(seconds)
        wire.mend()
        return _nothing

    return harm


def leader_disk_full(place: Province) -> Callable[[], Heal]:
    """No file of the leader can grow any more. It gives its disk up and ends, as brokers do; it comes back with room."""
    broker = place.cluster.broker(place.leader())

    def heal() -> None:
        place.notes.append("the broker was still there" if broker.pid else "the broker had ended")
        broker.kill()
        broker.start()

    def harm() -> Heal:
        subprocess.run(["prlimit", "--pid", str(broker.pid), "--fsize=1:1"], check=True)
        return heal

    return harm


def _killed(broker: Broker) -> Callable[[], Heal]:
    def harm() -> Heal:
        broker.kill()
        return broker.start

    return harm


def _nothing() -> None:
    return None
