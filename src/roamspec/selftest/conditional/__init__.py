"""Faults behind conditions: drawn by chance, and shown to the suite in each profile."""
