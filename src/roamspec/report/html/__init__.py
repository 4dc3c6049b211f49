"""`report.html`: one self-contained page for people, made from a report of `report.json`'s form."""

from typing import Final

FILE_NAME: Final = "report.html"
