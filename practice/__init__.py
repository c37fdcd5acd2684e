"""The practice city: a made-up city on this machine, where a newcomer tries the bot without any account.

The page lets one be anybody of the city. What is said there travels the road of NapCat: a OneBot V11 endpoint of our
own, connected to the bot's port over a real WebSocket. Nothing here runs beside a real channel or off loopback.
"""
