from diagnostics.modifiers.payload import code_blocks, fenced, led_in, outside, payload


def test_payload_strips_and_measures():
    assert payload("aa  bb", 2, 6) == ("bb", 0.5)
    assert payload("", 0, 0) == ("", 0.0)


def test_the_largest_fence():
    reply = "```\na\n```\nx\n```py\nlong\n```\n"
    assert fenced(reply).text == "long"
    assert fenced("no fence") is None


def test_a_fence_that_stays_open():
    assert fenced("```json\n[1,\n2]") == ("[1,\n2]", 1.0)


def test_a_longer_fence_holds_a_shorter_one():
    assert fenced("````\n```\na\n```\n````").text == "```\na\n```"


def test_a_lead_in_counts_for_nothing():
    assert fenced("Here it is:\n```\nabc\n```").share == 1.0
    assert led_in("Here it is:\n\nabc") == ("abc", 1.0)
    assert led_in("Voici :\nabc").text == "abc"
    assert led_in("以下です：\nabc").text == "abc"


def test_no_lead_in():
    assert led_in("Here it is: abc") is None
    assert led_in("abc\nkey: value\n") is None


def test_an_outro_counts():
    assert fenced("```\nabc\n```\nabcdef").share < 0.5


def test_many_marks():
    assert fenced("```\n" * 50_001).text == ""
    assert led_in(":" * 200_000) is None


def test_code_blocks():
    reply = "Tea:\n```Py\nx = 1\n```\n- so:\n    ```\n  y\n    ```\n~~~sh\nls"
    assert [(block.language, block.text, block.closed) for block in code_blocks(reply)] == [
        ("py", "x = 1", True),
        ("", "  y", True),
        ("sh", "ls", False),
    ]
    assert outside(reply) == "Tea:\n\n- so:\n\n"
    assert outside("no ```code``` block") == "no ```code``` block"
