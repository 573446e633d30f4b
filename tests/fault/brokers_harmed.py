"""What can happen to brokers and the wires to them while a command runs."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable

from deploy.kafka.broker import Broker
from tests.fault.province import Province


def leader_killed(place: Province) -> Callable[[], object]:
    return _killed(place.cluster.broker(place.leader()))


def controller_killed(place: Province) -> Callable[[], object]:
    return _killed(place.cluster.broker(place.controller()))


def all_restarted(place: Province) -> Callable[[], object]:
    """Power fails everywhere, and comes back after a moment."""
    for broker in place.cluster.brokers:
        broker.kill()
    time.sleep(place.chance.uniform(0, 1))
    for broker in place.cluster.brokers:
        broker.start()
    return _nothing


def leader_out_of_reach(place: Province) -> Callable[[], object]:
    """The wire to the leader is silent or torn for some seconds; the brokers see each other all the time."""
    wire = place.wires[place.leader()]
    place.chance.choice([wire.silence, wire.tear])()
    time.sleep(place.chance.uniform(0.5, 5))
    wire.mend()
    return _nothing


def leader_disk_full(place: Province) -> Callable[[], object]:
    """No file of the leader can grow any more. It gives its disk up and ends, as brokers do; it comes back with room."""
    broker = place.cluster.broker(place.leader())
    pid = broker.pid
    assert pid is not None
    subprocess.run(["prlimit", "--pid", str(pid), "--fsize=1:1"], check=True)

    def heal() -> None:
        broker.kill()
        broker.start()

    return heal


def _killed(broker: Broker) -> Callable[[], object]:
    broker.kill()
    return broker.start


def _nothing() -> None:
    return None
