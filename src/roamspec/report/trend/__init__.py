"""Verdicts over time: the reports of a folder, what became of each requirement, and which ones flip."""
