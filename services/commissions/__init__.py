"""Commissions, from the words of the office to the message that reaches each unit."""
