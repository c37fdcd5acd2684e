"""Bulletins (通报): drafted from the board, signed, sent to whoever the office wants, and who got them."""
