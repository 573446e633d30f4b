"""Value readers: how a cell becomes a canonical value, each written once. They work on whole columns."""
