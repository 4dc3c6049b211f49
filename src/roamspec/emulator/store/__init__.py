"""Where an app's things are kept: `protocol` says what a store must do, `memory` does it in a process."""
