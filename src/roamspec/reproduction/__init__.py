"""A finding once more: what it needs arranged, the script that shows it, and what people see of it."""
