"""What the service means: people, messages, views, deletions. Knows no HTTP and no clock of its own."""
