"""See also the examples of the signal, which ``test_base`` tries."""

import pytest


@pytest.mark.parametrize("reply", ["", " ", "\n" * 5000, "\u200b\u2060", "\x00", "\u00a0"])
def test_white_space_is_no_reply(find, reply):
    (found,) = find(reply)
    assert (found.name, found.span, found.explanation) == ("empty", None, "the reply is empty")


@pytest.mark.parametrize("reply", ["", " \n"])
def test_a_reply_that_was_cut_short_may_have_been_going_to_say_something(find, reply):
    assert find(reply, complete=False) == []


@pytest.mark.parametrize("reply", [" " * 3000 + ".", "0", "é", "ア", "👍", "`"])
def test_one_visible_character_is_a_reply(find, reply):
    assert find(reply) == []
