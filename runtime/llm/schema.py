"""The JSON schema of a msgspec type in the dialect that all servers take.

OpenAI's strict mode wants every property required, `additionalProperties: false` and no bounds on numbers or lengths; vLLM and
llama.cpp make a grammar of the same. Bounds are not lost: the answer is validated by msgspec afterwards. Pure.
"""

from __future__ import annotations

from typing import Any

import msgspec

_KEPT = frozenset({"type", "properties", "required", "additionalProperties", "items", "enum", "anyOf", "description"})


def portable_schema(answer: type) -> dict[str, Any]:
    """Return the schema of a struct type without references; the type must not contain itself."""
    (root,), definitions = msgspec.json.schema_components([answer], ref_template="{name}")
    return _portable(root, definitions)


def _portable(node: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in node:
        return _portable(definitions[node["$ref"]], definitions)
    made: dict[str, Any] = {key: value for key, value in node.items() if key in _KEPT}
    if "anyOf" in made:
        made["anyOf"] = [_portable(option, definitions) for option in made["anyOf"]]
    if "items" in made:
        made["items"] = _portable(made["items"], definitions)
    if "properties" in made:
        made["properties"] = {name: _portable(part, definitions) for name, part in made["properties"].items()}
        made["required"] = list(made["properties"])
        made["additionalProperties"] = False
    if "enum" in made and "type" not in made:
        numbers = all(isinstance(value, int) for value in made["enum"])
        made["type"] = "integer" if numbers else "string"
    return made
