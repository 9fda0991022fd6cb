"""The command as a program: ``mojimend``, or ``python -m mojimend``."""

import atexit
import gc


def run() -> None:
    """Run the command and exit."""
    # What is imported stays till the end, so to search it for circles again and again is in vain, and so is to search
    # all that is left when all is over. Both together take a fifth of the start. The work itself is done with the
    # search turned on, from when its command is there.
    gc.disable()
    atexit.register(gc.freeze)
    from mojimend.cli import main  # noqa: PLC0415  (that is what is imported)

    main(prog_name="mojimend")


if __name__ == "__main__":
    run()
