"""What can happen to brokers and the wires to them while a command runs."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Sequence

from deploy.kafka.broker import Broker
from deploy.kafka.cluster import INTERNAL
from tests.fault.province import RECEIPTS, Heal, Province
from tests.fault.wires import NODES, Wire

_SHORT, _LONG = (0.5, 5.0), (0.5, 8.0)
"""Seconds for which wires are cut; a broker that is not heard of for 3 s is taken for gone."""


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
    """Clients do not reach the leader; the brokers see each other all the time."""
    return _cut(place, [place.wires[place.leader()]], _SHORT)


def replication_cut(place: Province) -> Callable[[], Heal]:
    """The leader and the other brokers have no records from each other any more; the quorum sees everybody."""
    return _cut(place, place.between.around(place.leader(), INTERNAL), _LONG)


def follower_cut(place: Province) -> Callable[[], Heal]:
    """The leader and one follower do not reach each other; the third broker reaches both."""
    leader = place.leader()
    return _cut(place, place.between.pair(leader, place.chance.choice([node for node in NODES if node != leader])), _LONG)


def leader_alone(place: Province) -> Callable[[], Heal]:
    """No broker reaches the leader, nor it them; another is elected while clients still speak with the old one."""
    return _cut(place, place.between.around(place.leader()), _LONG)


def controller_alone(place: Province) -> Callable[[], Heal]:
    """Likewise with the active controller."""
    return _cut(place, place.between.around(place.controller()), _LONG)


def all_apart(place: Province) -> Callable[[], Heal]:
    """No broker reaches another; clients reach all."""
    return _cut(place, place.between.every(), _LONG)


def leader_hangs(place: Province) -> Callable[[], Heal]:
    """The leader stands still (SIGSTOP) for some seconds or until the command has ended, then goes on as if nothing had been."""
    broker = place.cluster.broker(place.leader())
    seconds = place.chance.choice([0.0, place.chance.uniform(*_LONG)])

    def harm() -> Heal:
        broker.pause()
        if not seconds:
            return broker.resume
        time.sleep(seconds)
        broker.resume()
        return _nothing

    return harm


def leader_disk_full(place: Province) -> Callable[[], Heal]:
    return _full(place, place.leader())


def receipts_disk_full(place: Province) -> Callable[[], Heal]:
    """The disk of the leader to which a collector writes."""
    return _full(place, place.leader(RECEIPTS))


def _full(place: Province, node: int) -> Callable[[], Heal]:
    """No file of a broker can grow any more. It gives its disk up and ends, as brokers do; it comes back with room."""
    broker = place.cluster.broker(node)

    def heal() -> None:
        place.notes.append("the broker was still there" if broker.pid else "the broker had ended")
        broker.kill()
        broker.start()

    def harm() -> Heal:
        subprocess.run(["prlimit", "--pid", str(broker.pid), "--fsize=1:1"], check=True)
        return heal

    return harm


def _cut(place: Province, wires: Sequence[Wire], limits: tuple[float, float]) -> Callable[[], Heal]:
    """Wires are silent or torn for some seconds."""
    torn, seconds = place.chance.choice([True, False]), place.chance.uniform(*limits)

    def harm() -> Heal:
        for wire in wires:
            (wire.tear if torn else wire.silence)()
        time.sleep(seconds)
        for wire in wires:
            wire.mend()
        place.notes.append(f"{'torn' if torn else 'silent'} for {seconds:.1f} s")
        return _nothing

    return harm


def _killed(broker: Broker) -> Callable[[], Heal]:
    def harm() -> Heal:
        broker.kill()
        return broker.start

    return harm


def _nothing() -> None:
    return None
