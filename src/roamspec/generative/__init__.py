"""Sequences, relations and schema-driven calls that no person wrote down, and how they are judged."""
