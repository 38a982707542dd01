import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostics.modifiers.tags import tags, unclosed


def names(text, raw=True):
    return ["/" * tag.closes + tag.name + "/" * tag.empty for tag in tags(text, raw)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<p>a</p>", ["p", "/p"]),
        ("<UL class='a>b'><li><br/>", ["ul", "li", "br/"]),
        ('<a href="<p>">x</a>', ["a", "/a"]),
        ("<!-- <p> --><b>", ["b"]),
        ("<!-- <p>", []),
        ("<script>if (a<b) '<p>'</script><p>", ["script", "/script", "p"]),
        ("<title><b></TITLE>", ["title", "/title"]),
        ("<style><p>", ["style"]),
        ("<ns:tea-pot.x/>", ["ns:tea-pot.x/"]),
        ("<茶></茶>", ["茶", "/茶"]),
        ("1 < 2 > 0, a<b, <[x]>, <3>, < p>, <p", []),
        ("<<tea>>", ["tea"]),
        ("<p <b>", ["b"]),
        ("<!doctype html><?xml?>", []),
    ],
)
def test_tags(text, found):
    assert names(text) == found


def test_without_raw_elements_all_is_read():
    assert names("<title><b>x</b></title>", raw=False) == ["title", "b", "/b", "/title"]


def test_ranges():
    text = "a <b x='1'>c</b>"
    assert [text[tag.start : tag.end] for tag in tags(text)] == ["<b x='1'>", "</b>"]


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("<a><b></b></a>", []),
        ("<a><b></a>", ["b"]),
        ("<a><b><c>", ["a", "b", "c"]),
        ("</a><b/></b>", []),
        ("<b><i></b></i>", ["i"]),
        ("<a><a></a>", ["a"]),
        ("<p><a></p><p>", ["a"]),
    ],
)
def test_unclosed(text, missing):
    assert [tag.name for tag in unclosed(tags(text), frozenset({"p"}))] == missing


@given(
    st.lists(
        st.sampled_from(["<a>", "</a>", "<b/>", "<b>", "</b>", "<!--", "-->", "<script>", "<", '"', "'", "\ud800"])
    )
)
def test_any_text_is_read(parts):
    text = "".join(parts)
    found = list(tags(text))
    assert all(text[tag.start] == "<" and text[tag.end - 1] == ">" for tag in found)
    assert {tag.start for tag in unclosed(found, frozenset())} <= {tag.start for tag in found if not tag.closes}
