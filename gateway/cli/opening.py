"""From a face to an office and an actor."""

from __future__ import annotations

from gateway.app.actor import Actor
from gateway.app.office import Office
from gateway.cli.face import Face, account


def office(face: Face) -> Office:
    """The home that the command works on."""
    from gateway.bootstrap import open_office

    return open_office(face.home)


def actor() -> Actor:
    """Whoever sits at the terminal: with the home's files in hand, every local role."""
    return Actor(account(), frozenset({"clerk", "reviewer", "administrator"}))
