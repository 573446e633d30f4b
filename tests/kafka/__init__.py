"""Against real brokers: never a mock."""
