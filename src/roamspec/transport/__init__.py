"""The one HTTP client: rate, request budget, deadlines, retries, guard, exchanges."""
