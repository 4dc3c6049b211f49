"""Conditions: a seeded fault can be put behind one, so that it shows in some calls alone."""
