"""Running the demonstration. `play` does everything and returns what the partners' homes say."""

from __future__ import annotations

from gateway.demo.run.play import Outcome, Stage, play

__all__ = ["Outcome", "Stage", "play"]
