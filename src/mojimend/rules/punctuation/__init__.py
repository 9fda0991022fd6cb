"""CJK marks that were doubled, narrowed or put in."""
