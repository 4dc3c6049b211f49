"""The pages on errata and on `report.json`."""

import json

from tools.documentation_site.reference_pages import errata_page, schema_page

from roamspec.contract.errata import Erratum
from roamspec.language.translation import translation
from roamspec.resources import folder

ERRATUM = Erratum("slip", "line 7", "51 IDs", "line 9", "50 counts.", ("*.limit.*",))
SCHEMA = {
    "title": "A report",
    "description": "Written by a run.",
    "required": ["verdict"],
    "properties": {
        "verdict": {"enum": ["pass", "fail"], "description": "What was found"},
        "checks": {"type": "array", "items": {"$ref": "#/$defs/check"}},
        "totals": {"type": "object", "required": ["pass"], "properties": {"pass": {"$ref": "#/$defs/count"}}},
    },
    "$defs": {
        "count": {"type": "integer"},
        "check": {"description": "One check.", "properties": {"line": {"type": ["integer", "null"]}}},
    },
}


def test_an_erratum_is_a_section_under_its_id() -> None:
    text = errata_page([ERRATUM], translation())

    assert "## slip { #slip }" in text
    assert "- **the documentation says**: 51 IDs" in text
    assert "- **requirements**: `*.limit.*`" in text
    assert "- **与之矛盾**：line 9" in errata_page([ERRATUM], translation("zh"))


def test_what_an_erratum_does_not_touch_is_left_out() -> None:
    none = Erratum("slip", "line 7", "51 IDs", "line 9", "None needed.", ())

    assert "requirements" not in errata_page([none], translation())


def test_a_schema_is_a_table_of_keys_and_one_for_each_definition() -> None:
    text = schema_page(SCHEMA, source="contracts/x.json")

    assert "| `verdict` | `pass`, `fail` | What was found |" in text
    assert "| `checks` (may be absent) | list of [check](#check) |  |" in text
    assert "| `totals.pass` | integer |  |" in text
    assert "## check\n\nOne check.\n" in text
    assert "| `line` (may be absent) | integer or null |  |" in text
    assert "## count" not in text


def test_every_key_of_the_report_is_on_the_page() -> None:
    schema = json.loads((folder("contracts") / "report.schema.json").read_text(encoding="utf-8"))
    text = schema_page(schema, source="contracts/report.schema.json")

    assert [key for key in schema["properties"] if f"| `{key}`" not in text] == []
    assert "`target.base_url`" in text
    assert "list of [requirement](#requirement)" in text
