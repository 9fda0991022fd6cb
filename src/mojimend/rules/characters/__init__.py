"""Code points that do not belong in a text."""
