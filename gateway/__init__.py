"""The application: use cases, command line, state, carriers, ledger. The only package that sees everyone."""

__version__ = "0.1.0"
