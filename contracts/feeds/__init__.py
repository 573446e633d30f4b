"""Feeds (数据项): the standing duties to hand something over, one TOML file each, and what reads them."""

from __future__ import annotations

from contracts.feeds.feed import Feed, Role, Source
from contracts.feeds.reader import find_feed, load_feeds, parse_feed

__all__ = ["Feed", "Role", "Source", "find_feed", "load_feeds", "parse_feed"]
