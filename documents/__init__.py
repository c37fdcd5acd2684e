"""Files that reporters send: recognised by their content, read in a process of their own, cut into title
and body.

The one call for the rest of the house is `documents.worker.extract`. Everything else here runs in the child
process that it starts (`documents/__main__.py`), so that the bot itself never imports a parser.
"""
