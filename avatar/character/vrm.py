"""The VRM 1.0 part of the file: who may use it, which node is which bone, expressions, and eyes that are turned by bones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from avatar.character.expressions import CUSTOM, PRESETS

EYES_REACH_DEG = {"horizontal": 32.0, "vertical": 24.0}
"""How far the eyes turn; up to there one degree asked is one degree turned, so that a gaze meets what it aims at."""

META: dict[str, Any] = {
    "name": "Attune",
    "version": "1",
    "authors": ["The Attune maintainers"],
    "copyrightInformation": "Part of Attune, under the Apache License 2.0",
    "references": ["Written by avatar/character; no third-party parts"],
    "licenseUrl": "https://vrm.dev/licenses/1.0/",
    "otherLicenseUrl": "https://www.apache.org/licenses/LICENSE-2.0",
    "avatarPermission": "everyone",
    "allowExcessivelyViolentUsage": True,
    "allowExcessivelySexualUsage": True,
    "commercialUsage": "corporation",
    "allowPoliticalOrReligiousUsage": True,
    "allowAntisocialOrHateUsage": True,
    "creditNotation": "unnecessary",
    "allowRedistribution": True,
    "modification": "allowModificationRedistribution",
}
"""The Apache licence knows no field of use, so no use is forbidden here either."""


def extension(
    bones: Mapping[str, int],
    meshes: list[int],
    face: int,
    morphs: tuple[str, ...],
    eye_from_head: tuple[float, float, float],
) -> dict[str, Any]:
    """Return `VRMC_vrm`: `bones`, `meshes` and `face` are numbers of nodes, `morphs` the names of the face's targets in order."""
    at = {name: index for index, name in enumerate(morphs)}

    def expression(weights: Mapping[str, float]) -> dict[str, Any]:
        binds = [{"node": face, "index": at[name], "weight": weight} for name, weight in weights.items()]
        return {"morphTargetBinds": binds} if binds else {}

    def reach(direction: str) -> dict[str, float]:
        return {"inputMaxValue": EYES_REACH_DEG[direction], "outputScale": EYES_REACH_DEG[direction]}

    return {
        "specVersion": "1.0",
        "meta": META,
        "humanoid": {"humanBones": {name: {"node": node} for name, node in bones.items()}},
        "firstPerson": {"meshAnnotations": [{"node": node, "type": "auto"} for node in meshes]},
        "lookAt": {
            "type": "bone",
            "offsetFromHeadBone": list(eye_from_head),
            "rangeMapHorizontalInner": reach("horizontal"),
            "rangeMapHorizontalOuter": reach("horizontal"),
            "rangeMapVerticalDown": reach("vertical"),
            "rangeMapVerticalUp": reach("vertical"),
        },
        "expressions": {
            "preset": {name: expression(weights) for name, weights in PRESETS.items()},
            "custom": {name: expression(weights) for name, weights in CUSTOM.items()},
        },
    }
