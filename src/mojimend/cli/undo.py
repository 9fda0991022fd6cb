"""``mojimend undo``: what a run overwrote is put back."""

from __future__ import annotations

import os
from pathlib import Path

import click

from mojimend.cli import CannotDo, say
from mojimend.cli.files import for_each, state_of
from mojimend.cli.journal import Kept, Moved, digest_of, forget, noted, place, restore, runs, size
from mojimend.cli.renaming import rename
from mojimend.cli.replacement import Replacement
from mojimend.text.visible import show


def _complete(_ctx: click.Context, _run: click.Parameter, incomplete: str) -> list[str]:
    return [run for run in runs() if run.startswith(incomplete)]


@click.command
@click.argument("run", required=False, shell_complete=_complete)
@click.option("--list", "as_list", is_flag=True, help="Show the runs that can be undone, the oldest first.")
@click.option(
    "--forget", "to_forget", is_flag=True, help="Free the room that RUN or `all` take; undo cannot bring it back."
)
def undo(run: str | None, as_list: bool, to_forget: bool) -> int:
    """Put back what a run of fix or names has changed.

    Without RUN it is the last one. Each file becomes what it was, byte for
    byte, and has its former name. One that has changed since then is left as
    it is and said, and the run can be undone again. What -o wrote where no
    file was stays.

    \b
    Exit code: 0 done, 2 a file could not be put back.

    \b
    Examples:
      mojimend undo --list
      mojimend undo
      mojimend undo 20261123-1
      mojimend undo --forget 20261123-1
      mojimend undo --forget all
    """  # noqa: D301  (\b is click's own mark: do not rewrap)
    if as_list:
        if to_forget or run is not None:
            raise click.UsageError("--list shows all runs and takes nothing else")
        for name in runs():
            print(_in_words(name))
        return 0
    if to_forget:
        if run is None:
            raise click.UsageError("name the run to forget, or `all`; `mojimend undo --list` shows them")
        for name in runs() if run == "all" else [run]:
            forget(name)
        return 0
    if run is None:
        known = runs()
        if not known:
            raise CannotDo(f"there is nothing to undo; runs of `mojimend fix -w` are kept in {place()}")
        run = known[-1]
    # Backwards: where a run changed one place twice, what stood there first comes last.
    todo = {str(number): one for number, one in enumerate(reversed(noted(run)))}
    name = run
    done, failed = for_each(todo, lambda number: _undo(name, todo[number]))
    say(f"put back {sum(done)} of {len(todo)} files of {run}")
    if failed:
        say(f"what is left can be put back later: `mojimend undo {run}`")
        return 2
    forget(run)
    return 0


def _undo(run: str, noted: Kept | Moved) -> bool:
    """Undo one thing; return whether there was something to undo."""
    return _call_back(noted) if isinstance(noted, Moved) else _put_back(run, noted)


def _call_back(moved: Moved) -> bool:
    """Give something its former name; return whether it had another."""
    was, is_now = os.path.lexists(moved.path), os.path.lexists(moved.to)
    if was and is_now:
        raise CannotDo(f"{moved.path}: is there again, so {moved.to} was left as it is")
    if was:  # called back already, or the run was killed before it did anything
        return False
    if not is_now:
        raise CannotDo(f"{moved.to}: is gone and was not renamed")
    try:
        rename(moved.to, moved.path)
    except OSError as trouble:
        raise CannotDo(f"{moved.to}: cannot be renamed: {trouble.strerror}; it was left as it is") from trouble
    return True


def _put_back(run: str, kept: Kept) -> bool:
    """Put a file back; return whether it was another."""
    path = Path(kept.path)
    try:
        # The state comes first: what changes the file behind this line is seen when the old one is put in place.
        state = state_of(path.stat())
        now = digest_of(path)
        if now == kept.before:  # put back already, or the run was killed before it changed the file
            return False
        if now != kept.after:
            raise CannotDo(f"{path}: has changed since and was left as it is")
        new = Replacement(kept.path)
        try:
            restore(run, kept, new.file)
            new.commit(state)
        finally:
            new.discard()
    except FileNotFoundError as trouble:
        raise CannotDo(f"{path}: is gone and was not put back") from trouble
    except OSError as trouble:
        raise CannotDo(f"{kept.path}: cannot be put back: {trouble.strerror}; it was left as it is") from trouble
    return True


def _in_words(run: str) -> str:
    try:
        paths = [one.path for one in noted(run)]
    except CannotDo as trouble:
        return f"{run}  {show(trouble.message)}"
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    return f"{run}  {show(paths[0]) if paths else 'nothing'}{more}  {size(run) / 1e6:.1f} MB"
