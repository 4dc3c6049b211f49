"""Keeps the catalogues in step with the sources: `python -m tools.catalogues`."""
