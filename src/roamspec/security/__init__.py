"""One redactor and one secret scan for everything that roamspec writes."""
