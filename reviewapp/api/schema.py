"""What the schema says of every endpoint: how it refuses."""

from typing import Any

_ERROR = {
    "type": "object",
    "required": ["code", "message", "details"],
    "properties": {
        "code": {"type": "string", "description": "Stable; programs may branch on it."},
        "message": {"type": "string", "description": "A sentence for people."},
        "details": {"type": "object", "additionalProperties": True},
    },
}
_REFUSAL = {
    "description": "Refused: not signed in, not allowed, not found, not valid, or too late.",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
}


def add_refusals(result: dict[str, Any], **_: object) -> dict[str, Any]:
    """Every operation answers 4XX in the one error shape."""
    result["components"].setdefault("schemas", {})["Error"] = _ERROR
    for operations in result["paths"].values():
        for operation in operations.values():
            operation["responses"].setdefault("4XX", _REFUSAL)
    return result
