"""One file per device: the keys of its table, its place in space and its law."""
