"""Text that was written in one encoding and read in another, and what that leaves behind."""
