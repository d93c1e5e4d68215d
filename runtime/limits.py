"""The limits of wire fields, as types: msgspec refuses on decoding what lies outside, NaN included, with the field's name."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

Timestamp = Annotated[int, Meta(ge=0, le=2**62)]
Count = Annotated[int, Meta(ge=0, le=2**53)]
Rate = Annotated[int, Meta(ge=1_000, le=384_000)]
Unit = Annotated[float, Meta(ge=0.0, le=1.0)]
SignedUnit = Annotated[float, Meta(ge=-1.0, le=1.0)]
Angle = Annotated[float, Meta(ge=-6.2831853072, le=6.2831853072)]
Metres = Annotated[float, Meta(ge=-1_000.0, le=1_000.0)]
Number = Annotated[float, Meta(ge=-1e12, le=1e12)]
Milliseconds = Annotated[float, Meta(ge=-3.6e6, le=3.6e9)]
Label = Annotated[str, Meta(max_length=128)]
Text = Annotated[str, Meta(max_length=4_000)]
PcmBytes = Annotated[bytes, Meta(max_length=1 << 20)]
ImageBytes = Annotated[bytes, Meta(max_length=4 << 20)]
