"""Conformance suite and emulator for the one-way roaming-message deletion API of Easemob IM."""

__version__ = "0.1.0"
