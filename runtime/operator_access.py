"""The operator console's token: made at the start of a launch with `--operator`, unless the profile has one."""

from __future__ import annotations

import secrets

import msgspec

from runtime.settings import Profile

TOKEN_BYTES = 24


def with_operator(profile: Profile) -> Profile:
    """Return a profile whose page has an operator console."""
    token = profile.avatar.operator_token or secrets.token_urlsafe(TOKEN_BYTES)
    return msgspec.structs.replace(profile, avatar=msgspec.structs.replace(profile.avatar, operator_token=token))


def without_operator(profile: Profile) -> Profile:
    """Return a profile without a console: a token in the profile alone opens none."""
    return msgspec.structs.replace(profile, avatar=msgspec.structs.replace(profile.avatar, operator_token=""))
