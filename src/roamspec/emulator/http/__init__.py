"""The HTTP face: requests read, answers written, errors worded, routes in one table."""
