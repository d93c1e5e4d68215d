"""What error statuses mean, as servers write them."""

from __future__ import annotations

import pytest

from runtime.llm.backoff import Backoff
from runtime.llm.json_text import objects_in
from runtime.llm.refusal import RETRY_AFTER_MAX_S, read_refusal


@pytest.mark.parametrize(
    ("status", "body", "about"),
    [
        (400, b"Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model", "format"),
        (
            500,
            b'{"error":{"code":500,"message":"response_format type must be one of \\"text\\" or \\"json_object\\""}}',
            "format",
        ),
        (400, b'Either "json_schema" or "grammar" can be specified, but not both', "format"),
        (400, b"'response_format.type' must be 'json_schema' or 'text'", "format"),
        (500, b"image input is not supported - hint: you may need to provide the mmproj", "images"),
        (400, b"This model does not support image_url content", "images"),
        (422, b"extra inputs are not permitted", "unexplained"),
        (400, b"", "unexplained"),
        (500, b"internal error", "nothing"),
        (404, b"model not found", "nothing"),
        (429, b"json_schema", "nothing"),
        (401, b"bad key for response_format", "nothing"),
    ],
)
def test_what_is_refused(status, body, about):
    refusal = read_refusal(status, {}, body)
    told = [
        name
        for name, is_it in (
            ("format", refusal.about_format),
            ("images", refusal.about_images),
            ("unexplained", refusal.unexplained),
        )
        if is_it
    ]
    assert told == ([] if about == "nothing" else [about])


@pytest.mark.parametrize(
    ("headers", "pause_s"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": " 0.5 "}, 0.5),
        ({"Retry-After": "-3"}, 0.0),
        ({"Retry-After": "99999999"}, RETRY_AFTER_MAX_S),
        ({"Retry-After": "inf"}, RETRY_AFTER_MAX_S),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "Wed, 99 Foo"}, None),
        ({}, None),
        ({"Retry-After": "Thu, 01 Jan 2026 00:00:30 GMT", "Date": "Thu, 01 Jan 2026 00:00:00 GMT"}, 30.0),
        ({"Retry-After": "Thu, 01 Jan 2026 00:00:00 GMT", "Date": "Thu, 01 Jan 2026 00:01:00 GMT"}, 0.0),
    ],
)
def test_a_pause_is_seconds_or_a_date_of_the_servers_clock(headers, pause_s):
    assert read_refusal(429, headers, b"").retry_after_s == pause_s


class TestBackoff:
    def test_each_failure_doubles_the_pause_up_to_the_longest(self):
        backoff, now_s = Backoff(1.0, 8.0), 100.0
        pauses = []
        for _ in range(6):
            backoff.failed(now_s)
            pause_s = next(p / 10 for p in range(1_000) if backoff.allows(now_s + p / 10))
            pauses.append(pause_s)
        assert pauses == [1.0, 2.0, 4.0, 8.0, 8.0, 8.0]

    def test_a_success_closes_the_circuit(self):
        backoff = Backoff()
        backoff.failed(0.0)
        assert not backoff.allows(0.5)
        backoff.succeeded()
        assert backoff.allows(0.5)

    def test_the_servers_own_pause_is_kept(self):
        backoff = Backoff(1.0)
        backoff.failed(0.0, 20.0)
        assert not backoff.allows(19.9) and backoff.allows(20.0)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"a": 1}', ['{"a": 1}']),
        ('Sure: {"a": "}{"} and {"b": {}}', ['{"a": "}{"}', '{"b": {}}']),
        ('{"a": "\\"}"}', ['{"a": "\\"}"}']),
        ("no object", []),
        ('{"cut": ', []),
        ('{{"a": 1}', ['{"a": 1}']),
        ("{" * 100_000, []),
    ],
)
def test_objects_are_found_in_text(text, found):
    assert list(objects_in(text)) == found
