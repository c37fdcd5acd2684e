"""Periods on their way to the bulletin: steps, frozen boards, objections, corrections as a set."""
