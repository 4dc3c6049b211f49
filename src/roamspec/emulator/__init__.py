"""An emulator of the service: the public API, device streams and a control API on one port."""
