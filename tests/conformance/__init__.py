"""The checks: what a service that conforms to the API documentation does, family by family."""
