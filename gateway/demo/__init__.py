"""A county to try the gateway on: invented people, real paths."""
