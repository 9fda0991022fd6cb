"""Files and folders given another name, and never one that is taken."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from errno import EINVAL, ENOSYS
from functools import cache

# <linux/fs.h>, <fcntl.h>
_NOREPLACE, _HERE = 1, -100


def rename(old: str, new: str) -> None:
    """Rename a file or folder.

    Windows never replaces a file by this, and Linux can be asked not to. Elsewhere there is a moment between the look
    and the move in which somebody else can take the name.

    Raises:
        FileExistsError: The name is taken.
        OSError: It cannot be renamed.
    """
    exclusively = _renameat2()
    if exclusively is not None:
        if exclusively(_HERE, os.fsencode(old), _HERE, os.fsencode(new), _NOREPLACE) == 0:
            return
        if (number := ctypes.get_errno()) not in {EINVAL, ENOSYS}:  # as file systems answer that cannot do it
            raise OSError(number, os.strerror(number), old, None, new)
    if os.path.lexists(new):
        raise FileExistsError(f"{new} is there already")
    os.rename(old, new)  # noqa: PTH104  (both are strings here)


@cache
def _renameat2() -> Callable[[int, bytes, int, bytes, int], int] | None:
    """Return the system's own function, where it has one."""
    try:
        function: Callable[[int, bytes, int, bytes, int], int] = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):  # not Linux, or an old one
        return None
    return function
