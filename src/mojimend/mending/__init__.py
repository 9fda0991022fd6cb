"""Findings in, text out: the order of the passes, what is accepted, and how it is written back."""
