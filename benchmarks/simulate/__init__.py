"""A simulated year of commissions in virtual time: the real services, the real clock, made-up people and outages."""
