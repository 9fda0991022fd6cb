"""Long pages that were misread from end to end: their beginning tells of the rest, unless that reads otherwise."""

from __future__ import annotations

import pytest

from mojimend import Settings, fix_text, garble
from mojimend.encodings.misread import Misread
from mojimend.models.plausibility import Plausibility, plausibility
from mojimend.rules.throughout import AMPLE, undo_likewise

PAGE = "\n".join(
    (
        "昨天下午我们在公园里散步，遇到了一位很久没有见面的老朋友。",
        "您的订单已经取消，请重新登录后再试一次，谢谢。",
        "昨日の午後、公園を散歩していたら、友人に出会いました。",
        "어제 오후에 공원에서 산책을 하다가 친구를 만났습니다.",
    )
    * 15
)


def misread(text: str, read: str = "cp1252") -> str:
    return garble.misread(text, written="utf-8", read=read)


@pytest.mark.parametrize("read", ["cp1252", "latin-1", "mac_roman"])
def test_only_the_beginning_is_weighed_by_its_pairs(read: str, monkeypatch: pytest.MonkeyPatch) -> None:
    model = type(plausibility())
    weighed: list[int] = []
    cost = model.cost

    def noting(self: Plausibility, text: str) -> int:
        weighed.append(len(text))
        return cost(self, text)

    monkeypatch.setattr(model, "cost", noting)
    line = misread(PAGE.replace("\n", " "), read)
    undone = undo_likewise(line, Misread("utf-8", read))
    assert undone is not None
    assert undone.text == PAGE.replace("\n", " ")
    assert max(weighed) <= AMPLE < len(line)


def test_a_page_of_which_the_rest_was_misread_twice_comes_back() -> None:
    assert fix_text(f"{misread(PAGE)}\n{misread(misread(PAGE))}") == f"{PAGE}\n{PAGE}"


def test_a_page_of_which_the_rest_is_in_letters_of_the_west_is_weighed_as_a_whole() -> None:
    other = "Où êtes-vous allé à Noël, déjà ? Žluťoučký kůň úpěl ďábelské ódy. " * 200
    assert undo_likewise(misread(PAGE + other), Misread("utf-8", "cp1252")) is None


def test_a_line_that_is_not_certain_does_not_take_the_certain_ones_behind_it_along() -> None:
    page = f"HTML 的头部\n{PAGE}"
    assert fix_text(misread(page), Settings(select=("mojibake/misread",))) == page
