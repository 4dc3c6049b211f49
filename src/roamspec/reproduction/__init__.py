"""What a finding needs arranged to show once more, from the exchanges of the run that found it."""
