"""Files cut into the texts in them, and put together again: what is no text, or was not mended, stays as it was.

Nothing here knows what is wrong with a text. A format says where the texts of a file stand, how each is written there
(escapes, quotes), and what of it is no text; everything else is the same for all of them.
"""
