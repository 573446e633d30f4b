"""The product from the outside: processes, files and what a person reads."""
