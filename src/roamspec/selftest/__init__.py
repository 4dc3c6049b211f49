"""Tests the suite itself: against a sound emulator, conforming ones, and each way of being broken."""
