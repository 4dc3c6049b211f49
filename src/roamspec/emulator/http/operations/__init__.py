"""What each route does: read the request, call the domain, word the response."""
