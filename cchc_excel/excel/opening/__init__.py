"""A file of any kind → Grid."""
