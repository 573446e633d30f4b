"""What the bytes mean: schemas, feeds, source lists, code tables, and the small pure code that reads and checks them."""
