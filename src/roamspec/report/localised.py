"""A report with what people read in it in their language; `report.json` itself stays English.

Verdicts, levels and other words that programs read are left: renderers translate them where they show them.
"""

from collections.abc import Mapping
from typing import Any, Final

from roamspec.report.translation import Translation

_OF_A_FAILURE: Final = ("expected", "actual", "hint")


def localised(report: dict[str, Any], texts: Translation) -> dict[str, Any]:
    """A copy of a report of `report.json`'s form, for people who read the language of `texts`."""
    if texts.lang == "en":
        return report
    return report | {
        "because": [texts.sentence(sentence) for sentence in report["because"]],
        "notes": [texts.sentence(note) for note in report["notes"]],
        "requirements": [localised_requirement(item, texts) for item in report["requirements"]],
    }


def localised_requirement(item: Mapping[str, Any], texts: Translation) -> dict[str, Any]:
    """The same of one requirement. Its title is that of the report, if it has one in this language."""
    said = dict(item)
    said["title"] = item.get(f"title_{texts.lang}") or texts.sentence(item["title"])
    said["reason"] = texts.sentence(item["reason"])
    said["source"] = _source(item["source"], texts)
    if "derived_from" in item:
        said["derived_from"] = [_source(source, texts) for source in item["derived_from"]]
    if "derivation" in item:
        said["derivation"] = texts.sentence(item["derivation"])
    said["checks"] = [_check(check, texts) for check in item["checks"]]
    return said


def _source(source: Mapping[str, Any], texts: Translation) -> dict[str, Any]:
    return {**source, "says": texts.sentence(source["says"])}


def _check(check: Mapping[str, Any], texts: Translation) -> dict[str, Any]:
    said = dict(check)
    if check.get("reason"):
        said["reason"] = texts.sentence(check["reason"])
    if check.get("failure"):
        failure = check["failure"]
        words = {key: texts.sentence(failure[key]) for key in _OF_A_FAILURE if failure.get(key)}
        said["failure"] = {**failure, **words}
    return said
