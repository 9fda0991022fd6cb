"""A Report in, words out: one form a file. None of them reads a file or prints."""
