"""A program that stands in for the bot while `BotProcess` itself is tested.

`stand_in_bot.py run --config FILE` serves /readyz on the port FILE names; FILE may ask it to misbehave.
`stand_in_bot.py WORDS --config FILE` prints its words, its zone and its standard input.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path


class Ready(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/readyz" else 404)
        self.end_headers()


def leave(*_: object) -> None:
    print("bye", flush=True)
    raise SystemExit(0)


def main(words: list[str], settings: dict[str, object]) -> None:
    if words != ["run"]:
        print(*words, os.environ["TZ"], sys.stdin.read())
        print("warned", file=sys.stderr)
        raise SystemExit(3)
    if "refuse" in settings:
        raise SystemExit(settings["refuse"])
    signal.signal(signal.SIGTERM, signal.SIG_IGN if settings.get("stubborn") else leave)
    print("hello", flush=True)
    HTTPServer(("127.0.0.1", int(str(settings["port"]))), Ready).serve_forever()


if __name__ == "__main__":
    *arguments, option, path = sys.argv[1:]
    assert option == "--config"
    main(arguments, json.loads(Path(path).read_text()))
