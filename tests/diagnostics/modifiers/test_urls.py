import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.urls import Urls


@pytest.mark.parametrize(
    "reply", ["", "tea.org", "see www", "a@www.tea.org", "http", "://", "[1] (2)", "www. ", "9http://a"]
)
def test_none(reply):
    assert Urls().check(f"Tea {reply}", True).form == "bare"
    assert Urls().check(f"Tea {reply}", False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize("url", ["http://a.b", "HTTPS://a.b/c?d#e", "ftp://a", "www.tea.org", "https://чай.рф"])
@pytest.mark.parametrize("shown", ["{}", "<{}>", "[tea]({})", "({})", "お茶：{}", '"{}"'])
def test_one(url, shown):
    reply = "Tea\n" + shown.format(url)
    for complete in (True, False):
        outcome = Urls().check(reply, complete)
        assert outcome.verdict is Verdict.FAIL
        assert outcome.explanation == f"1 link, none allowed: {url}"


def test_a_lead_in_is_peeled_off():
    assert Urls().check("From https://tea.org:\nTea", True).form == "unwrapped"


@pytest.mark.parametrize(
    "reply", ["http://" * 30_000, "www." * 50_000, "://" * 60_000, "h" * 200_000, "http://\ud800" * 20_000]
)
def test_hostile_replies_end(reply):
    outcome = Urls().check(reply, True)
    assert outcome.explanation.encode()
