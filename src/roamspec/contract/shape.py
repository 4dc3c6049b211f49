"""What a contract file must look like before records are made of it."""

from typing import Any, Final

METHODS: Final = ("get", "put", "post", "delete", "patch")

# What the records are made of. That the file is valid OpenAPI is proved by openapi-spec-validator in the
# tests: it is too slow for every start.
SHAPE: Final[dict[str, Any]] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["openapi", "info", "paths"],
    "properties": {
        "openapi": {"type": "string", "pattern": r"^3\.1\.\d+$"},
        "paths": {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": {
                "type": "object",
                "properties": {
                    "parameters": {"$ref": "#/$defs/parameters"},
                    **{method: {"$ref": "#/$defs/operation"} for method in METHODS},
                },
            },
        },
    },
    "$defs": {
        "operation": {
            "type": "object",
            "required": ["operationId", "responses", "x-rate-limit"],
            "properties": {
                "operationId": {"type": "string", "pattern": "^[a-z]+([A-Z][a-z]*)+$"},
                "parameters": {"$ref": "#/$defs/parameters"},
                "responses": {
                    "type": "object",
                    "required": ["200"],
                    "patternProperties": {"^4\\d\\d$": {"$ref": "#/$defs/refusal"}},
                    "propertyNames": {"pattern": "^([1-5](\\d\\d|XX)|default)$"},
                },
                "x-rate-limit": {
                    "type": "object",
                    "required": ["calls", "per"],
                    "properties": {"calls": {"type": "integer", "minimum": 1}, "per": {"const": "second"}},
                },
            },
        },
        "parameters": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["name", "in", "description", "schema"],
                "properties": {
                    "name": {"type": "string", "minLength": 1},
                    "in": {"enum": ["path", "query"]},
                    "description": {"type": "string", "minLength": 1},
                    "required": {"type": "boolean"},
                    "schema": {
                        "type": "object",
                        "required": ["type"],
                        "properties": {
                            "type": {"enum": ["string", "integer", "boolean", "array"]},
                            "minItems": {"type": "integer"},
                            "maxItems": {"type": "integer"},
                        },
                    },
                },
            },
        },
        "refusal": {
            "type": "object",
            "properties": {
                "content": {
                    "type": "object",
                    "properties": {
                        "application/json": {
                            "type": "object",
                            "properties": {"examples": {"$ref": "#/$defs/examples"}},
                        }
                    },
                }
            },
        },
        "examples": {
            "type": "object",
            "propertyNames": {"enum": ["not-open", "too-many-ids", "missing-parameter"]},
            "additionalProperties": {
                "type": "object",
                "required": ["value"],
                "properties": {
                    "value": {
                        "type": "object",
                        "required": ["error", "error_description"],
                        "properties": {"error": {"type": "string"}, "error_description": {"type": "string"}},
                    }
                },
            },
        },
    },
}
