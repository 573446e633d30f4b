"""The transparency log's mathematics: Merkle tree, checkpoint, proofs. No storage here (gateway.ledger has that)."""
