"""Recorded traffic: written down, replayed, compared, and kept free of secrets."""
