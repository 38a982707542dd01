import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostics.modifiers.schema import LARGEST, path_of, schema_of

NODE = {
    "properties": {"value": {"type": "integer"}, "left": {"$ref": "#"}, "right": {"$ref": "#"}},
    "required": ["value"],
}


def chain(length, width):
    """Definitions that each refer ``width`` times to the next."""
    definitions = {f"d{i}": {"allOf": [{"$ref": f"#/$defs/d{i + 1}"}] * width} for i in range(length)}
    return {"$defs": definitions | {f"d{length}": {"type": "integer"}}, "$ref": "#/$defs/d0"}


def nested(depth, keyword, **beside):
    schema = {"type": "object"}
    for _ in range(depth):
        schema = {keyword: [schema], **beside}
    return schema


def boxes(depth, inner=0):
    for _ in range(depth):
        inner = {"left": inner, "value": 1}
    return inner


def test_paths():
    assert path_of(()) == "$"
    assert path_of(("teas", 2, "name", "$ref")) == "$.teas[2].name.$ref"
    assert path_of(("green tea", "x" * 100)) == f"$['green tea'][{'x' * 60!r}]"


@pytest.mark.parametrize(
    ("schema", "fits", "faulty", "where"),
    [
        ({"type": "array", "items": {"type": "string"}}, ["a"], ["a", 3], '$[1]: the value 3 is not of type "string"'),
        ({"enum": ["a", "b"]}, "a", "c", '$: the value "c" is not one of "a" or "b"'),
        ({"pattern": "^a+$"}, "aaa", "b", '$: the value "b" does not match "^a+$"'),
        ({"format": "email"}, "a@b.org", "a", '$: the value "a" is not a "email"'),
        (
            NODE,
            boxes(9, {"value": 1}),
            boxes(1, {"value": "x"}),
            '$.left.value: the value "x" is not of type "integer"',
        ),
        ({"anyOf": [{"type": "null"}, {"minimum": 3}]}, None, 1, "$: the value 1 is less than the minimum of 3"),
        (
            {"$schema": "http://json-schema.org/draft-07/schema#", "items": [{"const": 1}]},
            [1],
            [2],
            "$[0]: 1 was expected",
        ),
        ({"definitions": {"a/b": {"type": "null"}}, "$ref": "#/definitions/a~1b"}, None, 1, "$: the value 1"),
        ({"$defs": {"a": True}, "items": {"$ref": "#/$defs/a"}, "maxItems": 1}, [1], [1, 2], "$: "),
    ],
)
def test_documents(schema, fits, faulty, where):
    checked = schema_of(schema)
    assert not checked.is_too_much(fits)
    assert checked.fits(fits)
    assert checked.faults(fits) == []
    assert not checked.fits(faulty)
    assert checked.faults(faulty)[0].startswith(where)


TEA = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}


@pytest.mark.parametrize("choice", ["anyOf", "oneOf"])
@pytest.mark.parametrize(
    ("document", "where"),
    [
        ({"tea": {"name": 3}}, '$.tea.name: the value 3 is not of type "string"'),
        ({"tea": {}}, '$.tea: "name" is a required property'),
        ({"tea": 3}, "$.tea: the value 3 is not valid under any of"),
    ],
)
def test_of_a_choice_the_branch_that_was_meant_is_told(choice, document, where):
    schema = {"properties": {"tea": {choice: [{"$ref": "#/$defs/tea"}, {"type": "null"}]}}, "$defs": {"tea": TEA}}
    (fault,) = schema_of(schema).faults(document)
    assert fault.startswith(where)


def test_the_first_few_faults_are_told():
    assert len(schema_of({"items": {"type": "null"}}).faults(list(range(9)))) == 3
    assert len(schema_of({"items": {"type": "null"}}).faults(list(range(9_000)))) == 1, "errors are dear"
    assert schema_of({"items": {"anyOf": [{"items": {}, "type": "array"}]}}).faults(list(range(9_000))) == []
    (fault,) = schema_of({"maxLength": 3}).faults("x" * 100_000)
    assert len(fault) < 100


@pytest.mark.parametrize(
    ("schema", "says"),
    [
        ({"type": "strin"}, r'"strin" is not one of "array", .* - at `\$\.schema\.type`'),
        (
            {"properties": {"a": {"minimum": "x"}}},
            r'"x" is not of type "number" - at `\$\.schema\.properties\.a\.minimum`',
        ),
        ({"items": {"anyOf": [{}, {"required": "a"}]}}, r"\$\.schema\.items\.anyOf\[1\]\.required"),
        ({"pattern": "("}, r"`\$\.schema\.pattern`"),
        ({"pattern": "(?=a)b"}, r"`\$\.schema\.pattern`"),
        ({"pattern": "((a{99}){99}){99}"}, r"`\$\.schema\.pattern`"),
        ({"$ref": "http://example.org/tea"}, "must point into the schema"),
        ({"$ref": "file:///etc/passwd"}, "must point into the schema"),
        ({"$ref": "#tea"}, "must point into the schema"),
        ({"items": {"$ref": "#/$defs/tea"}, "$defs": {}}, "points nowhere: '#/\\$defs/tea'"),
        ({"$ref": "#/allOf/7", "allOf": [True]}, "points nowhere"),
        ({"$ref": "#"}, "leads back to itself"),
        ({"$defs": {"a": {"not": {"$ref": "#/$defs/a"}}}, "$ref": "#/$defs/a"}, "leads back to itself"),
        ({"items": {"$dynamicRef": "#a"}}, "`\\$dynamicRef` is not supported"),
        ({"items": {"$id": "http://example.org/a", "$ref": "#"}}, "`\\$id` is not supported"),
        ({"$schema": "http://example.org/own"}, "Unknown meta-schema"),
        ({"enum": ["x" * LARGEST]}, f"bytes, {LARGEST} allowed"),
        ({"properties": {f"p{i}": {"pattern": "a"} for i in range(65)}}, "65 patterns, 64 allowed"),
        ({"patternProperties": {f"p{i}": {} for i in range(65)}}, "65 patterns, 64 allowed"),
        (nested(65, "allOf"), "deeper than 64 levels"),
        ({"const": "\ud800"}, "not JSON"),
        ({"const": object()}, "not JSON"),
    ],
)
def test_what_is_refused(schema, says):
    with pytest.raises(ValueError, match=says):
        schema_of(schema)


@pytest.mark.parametrize(
    ("schema", "document"),
    [
        (chain(24, 2), 1),
        (chain(8, 9), 1),
        (nested(20, "allOf", unevaluatedProperties=False), {}),
        ({"allOf": [{"properties": {"left": {"$ref": "#"}}}, {"properties": {"left": {"$ref": "#"}}}]}, boxes(30)),
        ({"allOf": [{"additionalProperties": {"$ref": "#"}}, {"patternProperties": {"": {"$ref": "#"}}}]}, boxes(30)),
        (NODE, boxes(70)),
        ({"items": {"enum": list(range(5_000))}}, list(range(5_000))),
    ],
    ids=range(7),
)
def test_what_would_take_too_long_is_not_tried(schema, document):
    assert schema_of(schema).is_too_much(document)


@pytest.mark.parametrize(
    ("schema", "document"),
    [
        (chain(20, 1), 1),
        (chain(3, 3), 1),
        (NODE, boxes(60)),
        ({"items": {"properties": {f"p{i}": {"type": "integer"} for i in range(50)}}}, [{"p1": 1}] * 5_000),
        (
            {"anyOf": [{"type": "integer"}, {"items": {"$ref": "#"}}, {"additionalProperties": {"$ref": "#"}}]},
            [[[[1]]]],
        ),
    ],
    ids=range(5),
)
def test_what_people_write_is_tried(schema, document):
    assert not schema_of(schema).is_too_much(document)


KEYWORDS = st.sampled_from(
    ["type", "items", "properties", "allOf", "anyOf", "not", "$ref", "$defs", "enum", "pattern", "required", "$id",
     "patternProperties", "prefixItems", "if", "then", "minimum", "additionalProperties", "unevaluatedItems", "$schema"]
)  # fmt: skip
VALUES = st.sampled_from(["object", "#", "#/$defs/a", "#/items", "(", "a+", 0, -1, True, None, [], {}, "\ud800"])
JSON = st.recursive(
    VALUES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYWORDS | st.just("a"), inner, max_size=4)
)


@given(st.dictionaries(KEYWORDS, JSON, max_size=5), st.recursive(st.integers() | st.just("a"), st.lists))
def test_any_schema_is_refused_or_held(schema, document):
    try:
        checked = schema_of(schema)
    except ValueError as error:
        assert str(error).endswith("`"), "no path"  # noqa: PT017 - many schemas are good
        return
    if not checked.is_too_much(document):
        assert checked.fits(document) is (checked.faults(document) == [])
