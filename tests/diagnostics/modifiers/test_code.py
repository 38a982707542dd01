import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostics.core import Verdict
from diagnostics.modifiers.code import Code


@pytest.mark.parametrize(
    ("language", "reply"),
    [
        (None, "```\nx\n```"),
        (None, "~~~\nx\n~~~"),
        ("python", "```py\nx\n```"),
        ("Python", "So:\n\n- a\n    ```python3\n    x\n    ```"),
        ("c++", "```cpp\nx\n```"),
        ("C#", "```csharp title=x\nx\n```"),
        ("cobol", "```COBOL\nx\n```"),
        ("sql", "```\nx\n```\n```sql\ny\n```"),
    ],
)
def test_passes(language, reply):
    assert Code(language).check(reply, True).form == Code(language).check(reply, False).form == "bare"


@pytest.mark.parametrize(
    ("language", "reply"),
    [
        (None, ""),
        (None, "`x`"),
        (None, "    x = 1"),
        (None, "```\n```"),
        ("c", "```cpp\nx\n```"),
        ("java", "```js\nx\n```"),
    ],
)
def test_fails(language, reply):
    assert Code(language).check(reply, True).verdict is Verdict.FAIL
    assert Code(language).check(reply, False).verdict is Verdict.ABSTAIN


def test_a_block_that_names_no_language():
    assert Code("c").check("```\nx\n```", True).verdict is Verdict.ABSTAIN


def test_a_block_that_stays_open():
    assert Code("c").check("```c\nx", True).verdict is Verdict.PASS
    assert Code("c").check("```c\nx", False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize("language", ["", "a b", "x" * 33, 3])
def test_wrong_arguments(language):
    with pytest.raises(msgspec.ValidationError, match="language"):
        msgspec.convert({"language": language}, Code)


@given(st.text(st.sampled_from("`~cpy+ \n\r\ud800"), max_size=60))
def test_any_text_is_judged(reply):
    assert Code("c").check(reply, True).explanation
    assert Code("c").check(reply, False).verdict is not Verdict.FAIL


@pytest.mark.parametrize("reply", ["`" * 200_000, "```\n" * 50_000, "```a " * 40_000])
def test_hostile_replies_end(reply):
    assert Code("c").check(reply, True).verdict is Verdict.FAIL
