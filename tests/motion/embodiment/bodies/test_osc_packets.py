"""OSC as another implementation reads and writes it."""

from __future__ import annotations

import pytest

from motion.embodiment.bodies.osc_packets import DATAGRAM_BYTES, bundles, message, named

pytest.importorskip("pythonosc", reason="pip install python-osc")


def test_messages_are_byte_for_byte_those_of_python_osc() -> None:
    from pythonosc.osc_message_builder import OscMessageBuilder

    for values in ((1,), (0.25, "Hips", -3), ("Joy", 1.0), (), ("four",), ("", 2.5)):
        other = OscMessageBuilder("/VMC/Ext/Blend/Val")
        for value in values:
            other.add_arg(value)
        assert message("/VMC/Ext/Blend/Val", *values) == other.build().dgram
    other = OscMessageBuilder("/a")
    other.add_arg("Hips")
    for value in (0.5, -1.0):
        other.add_arg(value, "f")
    assert named("/a", "Hips", (0.5, -1.0)) == other.build().dgram


def test_bundles_fit_a_datagram_and_keep_everything_in_order() -> None:
    from pythonosc.osc_bundle import OscBundle

    sent = [message("/number", index, "x" * (index % 40)) for index in range(200)]
    packets = list(bundles(sent))
    assert max(len(packet) for packet in packets) <= DATAGRAM_BYTES and len(packets) < 20
    read = [content.params[0] for packet in packets for content in OscBundle(packet)]
    assert read == list(range(200))
    assert list(bundles([])) == []
