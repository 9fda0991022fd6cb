"""Text in, findings out: one rule a file, one family a folder. ``registry`` finds them, no list names them."""
