"""Bytes in, text out, with the reasons: one stage a file, and the first sure answer wins."""
