"""A part of a whole in words: one way for pages, mails and commands."""

from core.shares import share_text


def test_a_share_stands_before_its_sign_with_a_space_and_a_true_minus():
    assert share_text(0.12345) == "12.35 %"
    assert share_text(-0.005) == "\u22120.50 %"
    assert share_text(1, 0) == "100 %"
