"""``python -m mojimend`` is the command ``mojimend``."""

from mojimend.cli import main

if __name__ == "__main__":
    main(prog_name="mojimend")
