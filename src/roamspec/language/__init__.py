"""The languages of what people read: which one is chosen, and the texts in it."""
