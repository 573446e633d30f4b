"""The shared samples in other clothes: the same persons and rows in other words, orders, shapes and formats, truth moved along."""
