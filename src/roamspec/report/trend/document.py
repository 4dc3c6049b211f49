"""The trend as JSON, in the form of `contracts/trend.schema.json`."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from roamspec.report.trend.collecting import Refused
from roamspec.report.trend.history import Trend

SCHEMA: Final = "roamspec.trend/1"


def trend_document(trend: Trend, refused: Sequence[Refused]) -> dict[str, Any]:
    """Runs from the earliest to the latest; a requirement's `verdicts` are in their order."""
    return {
        "schema": SCHEMA,
        "runs": [asdict(run) for run in trend.runs],
        "left_out": [asdict(each) for each in refused],
        "flipping": [history.id for history in trend.flipping],
        "failing": [history.id for history in trend.failing],
        "requirements": [
            {
                **history.requirement,
                "verdicts": list(history.verdicts),
                "flips": [asdict(flip) for flip in history.flips],
            }
            for history in trend.histories
        ],
    }
