"""Decoding yields a message or `Undecodable`, whatever the bytes are."""

import contextlib
import math
from typing import get_args

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime import codec
from runtime import messages as m

quick = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def values_of(kind):
    """Strategy of legal values of an annotated field type, from msgspec's own description of it."""
    return from_info(msgspec.inspect.type_info(kind))


def from_info(info):
    i = msgspec.inspect
    match info:
        case i.IntType():
            return st.integers(info.ge if info.ge is not None else -(2**62), info.le if info.le is not None else 2**62)
        case i.FloatType():
            return st.floats(info.ge, info.le, allow_nan=False, allow_infinity=False)
        case i.StrType():
            return st.text(min_size=info.min_length or 0, max_size=min(info.max_length or 40, 40))
        case i.BytesType():
            low = info.min_length or 0
            return st.binary(min_size=low, max_size=min(info.max_length or low + 64, low + 64))
        case i.BoolType():
            return st.booleans()
        case i.NoneType():
            return st.none()
        case i.LiteralType():
            return st.sampled_from(info.values)
        case i.TupleType():
            return st.tuples(*map(from_info, info.item_types))
        case i.VarTupleType():
            return st.lists(from_info(info.item_type), max_size=3).map(tuple)
        case i.DictType():
            return st.dictionaries(from_info(info.key_type), from_info(info.value_type), max_size=3)
        case i.UnionType():
            return st.one_of(*map(from_info, info.types))
        case i.StructType():
            return st.builds(info.cls, **{field.name: from_info(field.type) for field in info.fields})
    raise AssertionError(f"no strategy for {info}")


def messages_of(kind):
    return values_of(kind).map(lambda message: msgspec.structs.replace(message, schema=m.SCHEMA_VERSION))


@pytest.mark.parametrize("kind", get_args(m.AnyMessage), ids=lambda kind: kind.__name__)
def test_every_message_type_survives_the_journey(kind):
    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    @given(messages_of(kind))
    def survives(message):
        assert codec.decode(codec.encode(message)) == message

    survives()


@quick
@given(st.binary(max_size=2_000))
def test_any_bytes_are_a_message_or_undecodable(payload):
    try:
        assert isinstance(codec.decode(payload), m.Message)
    except codec.Undecodable as error:
        assert error.reason in get_args(codec.Reason)


@quick
@given(st.data())
def test_a_damaged_message_is_a_message_or_undecodable(data):
    payload = bytearray(codec.encode(data.draw(messages_of(m.Intention))))
    for _ in range(data.draw(st.integers(1, 4))):
        payload[data.draw(st.integers(0, len(payload) - 1))] = data.draw(st.integers(0, 255))
    payload = payload[: data.draw(st.integers(0, len(payload)))]
    with contextlib.suppress(codec.Undecodable):
        assert isinstance(codec.decode(bytes(payload)), m.Message)


def as_map(message, **changes):
    return msgspec.msgpack.encode({**msgspec.to_builtins(message, builtin_types=(bytes,)), **changes})


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"t_ns": -1}, "invalid"),
        ({"t_ns": 2**63}, "invalid"),
        ({"strength": math.nan}, "invalid"),
        ({"strength": math.inf}, "invalid"),
        ({"score": 1.01}, "invalid"),
        ({"priority": 10}, "invalid"),
        ({"id": ""}, "invalid"),
        ({"content": "x" * 4_001}, "invalid"),
        ({"parameters": {str(n): 0.0 for n in range(17)}}, "invalid"),
        ({"parameters": {"amplitude": math.nan}}, "invalid"),
        ({"kind": "explode"}, "invalid"),
        ({"schema": m.SCHEMA_VERSION + 1}, "future_schema"),
        ({"schema": m.SCHEMA_VERSION + 1, "type": "telepathy"}, "future_schema"),
        ({"schema": m.SCHEMA_VERSION + 1, "kind": "explode"}, "future_schema"),
        ({"type": "telepathy"}, "unknown_type"),
    ],
)
def test_absurd_values_are_refused_by_reason(changes, reason):
    with pytest.raises(codec.Undecodable) as caught:
        codec.decode(as_map(m.Intention(id="i", kind="gesture"), **changes))
    assert caught.value.reason == reason


def test_a_motion_frame_of_the_wrong_size_is_refused():
    with pytest.raises(codec.Undecodable, match="rotations"):
        codec.decode(as_map(m.MotionFrame(index=0, rotations=bytes(352)), rotations=bytes(348)))


def test_an_oversize_payload_is_refused_before_it_is_read():
    with pytest.raises(codec.Undecodable) as caught:
        codec.decode(bytes(codec.MAX_PAYLOAD_BYTES + 1))
    assert caught.value.reason == "too_large"


def test_deep_nesting_is_refused():
    with pytest.raises(codec.Undecodable):
        codec.decode(b"\x91" * 100_000)


def test_unknown_fields_of_a_newer_minor_sender_are_ignored():
    assert codec.decode(as_map(m.TypedText(text="hi"), colour="blue")) == m.TypedText(text="hi")


def test_no_topic_is_the_beginning_of_another():
    topics = [codec.topic_of(kind) for kind in get_args(m.AnyMessage)]
    assert not [(a, b) for a in topics for b in topics if a is not b and b.startswith(a)]
