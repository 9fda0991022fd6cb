"""What software really did for each encoding, beyond what its standard says; ``euc_tw`` is made a codec of Python's."""

from __future__ import annotations

import codecs


def _find(name: str) -> codecs.CodecInfo | None:
    if name != "euc_tw":
        return None
    from mojimend.encodings.euc_tw import CODEC  # noqa: PLC0415  (hardly ever asked for)

    return CODEC


codecs.register(_find)
