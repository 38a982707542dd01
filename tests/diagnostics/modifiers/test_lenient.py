import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostics.modifiers.lenient import Fault, documents, faults, told


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{}", []),
        ('{"a": [1, -2.5e3, true, null, "x\\n\\u00e9"], "b": {}}', []),
        ("[1, 2,]", [("a trailing comma", 5)]),
        ('{"a": 1,\n}', [("a trailing comma", 7)]),
        ("['a']", [("single quotes", 1)]),
        (r"['it\'s']", [("single quotes", 1)]),
        ("[“a”]", [("curly quotes", 1)]),
        ("{a: 1}", [("a key without quotes", 1)]),
        ("{1: 1}", [("a key without quotes", 1)]),
        ("[True, None]", [("True for true", 1), ("None for null", 7)]),
        ("[undefined, -Infinity]", [("undefined for null", 1), ("Infinity, which JSON lacks", 12)]),
        ("[1] // one", [("a comment", 4)]),
        ("[1, # one\n2 /* two */]", [("a comment", 4), ("a comment", 12)]),
        ("[1, 2, ...]", [("an ellipsis", 7)]),
        ("[01, +1, .5, 1.]", [("a number that JSON lacks", place) for place in (1, 5, 9, 13)]),
        ('["a" "b"]', [("a missing comma", 5)]),
        ('{"a": 1 "b": 2}', [("a missing comma", 8)]),
        ("[{} []]", [("a missing comma", 4)]),
        ('["a\nb"]', [("a line break or tab within a string", 3)]),
        (r'["a\d"]', [("an escape that JSON lacks", 3)]),
        (r'["\u12"]', [("an escape that JSON lacks", 2)]),
        ('{"a": [1', [("{ that is never closed", 0), ("[ that is never closed", 6)]),
        ('{"a": "b', [("a string that is never closed", 6), ("{ that is never closed", 0)]),
        ('{"a":', [("{ that is never closed", 0)]),
    ],
)
def test_faults(text, expected):
    found = faults(text)
    assert found == [Fault(*each) for each in expected]
    assert any(fault.breaks_off for fault in found) == ("never closed" in str(expected))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "3",
        '"a"',
        "tea",
        "// tea\n[1]",
        "[tea]",
        "[tea](http://example.org)",
        "{tea}",
        "[1]]",
        "[1}",
        "{]",
        "[,]",
        "[1,,2]",
        "[1, 2] and so on",
        "{}{}",
        '{"a" 1}',
        '{"a"}',
        '{"a":}',
        '{"a": 1: 2}',
        '["a "b" c"]',
        "[1; 2]",
        "{“a”: “b}",
        "[\x00]",
        "[1, /* 2]",
    ],
)
def test_what_is_no_json_at_all(text):
    assert faults(text) is None


def test_faults_are_told_with_their_places_in_the_reply():
    text = "{'a': 1,\n 'b': [True,],}"
    reply = f"Here:\n{text}"
    assert told(reply, text, faults(text)) == (
        "single quotes (2 times, first in line 2, column 2), True for true (line 3, column 8), "
        "a trailing comma (2 times, first in line 3, column 12)"
    )
    four = "{'a': 1, b: True, /**/}"
    assert told(four, four, faults(four)).endswith("True for true (line 1, column 13) and 2 more")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("{}", 1),
        ("{}\n[]\n", 2),
        ('{"a": 1}{"a": 2}', 2),
        ("{},\n{};\n{}", 3),
        ("", 0),
        ("{} 3", 0),
        ("{} and", 0),
        ("{}\n{", 0),
        ("[" * 100_000, 0),
        ("[" + "1" * 10_000 + "]", 0),
    ],
)
def test_documents(text, count):
    assert documents(text) == count


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=9,
)


@given(st.lists(VALUES), st.booleans(), st.sampled_from([None, 1]))
def test_json_has_no_faults(value, ascii_only, indent):
    text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
    assert faults(text) == []
    assert documents(text) == 1


@given(
    st.lists(
        st.sampled_from(["{", "}", "[", "]", ",", ":", '"', "'", "\\", "a", "1", "/*", "*/", "//", "#", "\n", "…"])
    )
)
def test_any_text_is_read(parts):
    text = "".join(parts)
    found = faults(text)
    documents(text)
    assert found is None or all(0 <= fault.place < len(text) for fault in found)
