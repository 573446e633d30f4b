"""Which reader of the carrier may commit: the one that began last. Two may be at work where a lock does not reach, as on two copies of a
home's disk, or when a machine that was thought dead wakes up.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from contracts.errors import ExchangeError
from gateway.state import documents

_EPOCH = "carrier-epoch"


@dataclass(slots=True)
class Reader:
    """One reading of the carrier.

    Attributes:
        epoch: that stood when it began; from its first commit on its own, one higher.
        claimed: whether it has committed something.
    """

    epoch: int
    claimed: bool = False

    @classmethod
    def begin(cls, connection: Connection) -> Reader:
        """A reader at the epoch that stands. Nothing is written: a reading that finds nothing leaves no trace."""
        return cls(int(documents.setting(connection, _EPOCH) or 0))

    def hold(self, connection: Connection) -> None:
        """Take the epoch, in the transaction that commits what was read.

        Raises:
            ExchangeError: E-CARRIER-FENCED, another reader has committed since; nothing of this transaction may be.
        """
        if int(documents.setting(connection, _EPOCH) or 0) != self.epoch:
            raise ExchangeError("E-CARRIER-FENCED")
        if not self.claimed:
            documents.set_setting(connection, _EPOCH, str(self.epoch + 1))

    def committed(self) -> None:
        """That transaction is durable."""
        if not self.claimed:
            self.epoch, self.claimed = self.epoch + 1, True
