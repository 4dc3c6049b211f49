"""Secrets: what one looks like in a text, and what is written in its place."""
