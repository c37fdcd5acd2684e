"""What stands outside the bot and talks to it over real sockets, as people's clients and platforms do."""
