"""The one door to a target: everything that is sent passes here, paced, timed, recorded and guarded."""
