"""What both NoneBot anchors share: NoneBot as in production, with the OneBot V11 adapter."""

from __future__ import annotations

import argparse

import nonebot
from nonebot.adapters.onebot.v11 import Adapter


def start() -> None:
    """Read `--port` and initialise NoneBot on loopback; logging at WARNING, no dotenv file."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port
    nonebot.init(_env_file=None, driver="~fastapi", host="127.0.0.1", port=port, log_level="WARNING")
    nonebot.get_driver().register_adapter(Adapter)
