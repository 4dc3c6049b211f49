"""The licences of everything that the lock files pin, and whether roamspec may use it."""
