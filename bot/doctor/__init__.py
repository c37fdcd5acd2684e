"""`baosong doctor`: what is well and what is not, seen from the machine the bot is installed on.

`machine` looks at the computer, `house` at the running bot, `callbacks` calls our own addresses as WeChat Work would,
`owner` asks what only the owner of the database can: the store itself, and the tokens it keeps. Nothing here prints a
secret, a token or a webhook's address.
"""
