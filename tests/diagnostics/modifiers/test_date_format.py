import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.date_format import DateFormat

DATES = {
    "YYYY-MM-DD": "2024-05-31", "YYYY/MM/DD": "2024/05/31", "DD.MM.YYYY": "31.05.2024", "DD/MM/YYYY": "31/05/2024",
    "DD-MM-YYYY": "31-05-2024", "MM/DD/YYYY": "05/31/2024", "MM-DD-YYYY": "05-31-2024", "YYYY年M月D日": "2024年5月31日",
}  # fmt: skip


@pytest.mark.parametrize("wanted", DATES)
def test_each_format(wanted):
    for other, date in DATES.items():
        outcome = DateFormat(wanted).check(f"(On {date}, tea.)", True)
        assert outcome.verdict is (Verdict.PASS if other == wanted else Verdict.FAIL)


@pytest.mark.parametrize(
    "reply",
    ["", "May 31, 2024", "1.2.3", "3/4 of it", "10-12 cups", "192.168.1.2024.5", "2024", "2024-05", "1/2/3/2024"],
)
def test_no_dates(reply):
    assert DateFormat("YYYY-MM-DD").check(reply, True).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize("date", ["2024-5-31", "2024-13-01", "2024-00-10", "2024-05-32", "5/31/24"])
def test_wrong_dates(date):
    outcome = DateFormat("YYYY-MM-DD").check(date, True)
    assert outcome.explanation == f"1 of 1 dates are not YYYY-MM-DD: {date}"


def test_share_and_cut_short():
    reply = "2024-05-31, 1.6.2024"
    assert DateFormat("YYYY-MM-DD").check(reply, True).score == 0.5
    assert DateFormat("YYYY-MM-DD").check(reply, False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize("arguments", [{}, {"format": "D.M.Y"}])
def test_wrong_arguments(arguments):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(arguments, DateFormat)


@pytest.mark.parametrize("piece", ["1", "1-", "2024-05-31", "1/2/", "2024年"])
def test_hostile_replies_end(piece):
    assert DateFormat("YYYY-MM-DD").check(piece * 30_000, True).explanation
