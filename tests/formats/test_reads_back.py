"""What is mended is cut anew and must say what it should, or a defect of a format would spoil what is around a text."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mojimend import Settings
from mojimend.corpus import Piece, mend
from mojimend.formats.format import Field
from mojimend.formats.json import JsonLines

RECORD = r'{"id": "n\"1", "text": "已经取消，，请重试。", "next": "n2"}' + "\n"


def shorter(field: Field) -> Field:
    return field._replace(end=field.end - 1)


def bare(field: Field) -> Field:
    return field._replace(escapes=None)


@pytest.mark.parametrize(
    ("spoil", "is_refused"),
    [
        pytest.param(lambda id_, text, behind: [id_, text, behind], False, id="all as they were"),
        pytest.param(lambda id_, text, _: [id_, text], True, id="one less"),
        pytest.param(lambda id_, text, behind: [id_, text, behind, behind], True, id="one more"),
        pytest.param(lambda id_, text, behind: [shorter(id_), text, behind], True, id="another text before"),
        pytest.param(lambda id_, text, behind: [id_, text, shorter(behind)], True, id="another text behind"),
        pytest.param(lambda id_, text, behind: [id_, shorter(text), behind], True, id="not what it was mended to"),
        pytest.param(lambda id_, text, behind: [bare(id_), text, behind], True, id="read otherwise"),
        pytest.param(lambda id_, text, behind: [id_, text, bare(behind)], False, id="read otherwise, and the same"),
    ],
)  # fmt: skip
def test_what_is_mended_is_read_back(
    spoil: Callable[..., list[Field]], is_refused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields = JsonLines.fields
    monkeypatch.setattr(
        JsonLines, "fields", lambda form, text: fields(form, text) if text == RECORD else spoil(*fields(form, text))
    )
    mended = mend(Piece("a.jsonl", JsonLines(), RECORD, 1, Settings(), verify=True))
    assert bool(mended.refused["that would have changed more than the text"]) == is_refused
    assert bool(mended.edits) != is_refused
