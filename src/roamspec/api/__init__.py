"""The vendor's REST API as typed calls."""
