"""What a home remembers: SQLAlchemy Core tables, one transaction a unit of work."""
