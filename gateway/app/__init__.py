"""Use cases: `(command, actor, unit of work, ports)`. Faces import this package and nothing else of the gateway."""
