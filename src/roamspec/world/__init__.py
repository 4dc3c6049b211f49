"""Arranges users, groups and messages through the public API, observes them, and cleans up."""
