"""One requirement of our own, and where its faults are."""

from pathlib import Path

from roamspec.pytest_checks import *
from roamspec.suite.own import requirement


def pytest_roamspec_requirements():
    title = "A request with ten message IDs returns HTTP `200`."
    return [requirement("house.ten-ids-accepted", "deleteChatMessages", title=title, page="Our agreement")]


def pytest_roamspec_fault_files():
    return [Path(__file__).with_name("house_faults.py")]
