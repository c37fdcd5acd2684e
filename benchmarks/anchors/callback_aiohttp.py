"""An aiohttp handler that opens a callback with wechatpy and answers: nothing is kept."""

from __future__ import annotations

import argparse

from aiohttp import web
from wechatpy.enterprise.crypto import WeChatCrypto

from benchmarks.sealing import CORP, KEY, PATH, TOKEN

crypto = WeChatCrypto(TOKEN, KEY, CORP)


async def callback(request: web.Request) -> web.Response:
    """Decrypt and answer."""
    asked = request.query
    crypto.decrypt_message(await request.read(), asked["msg_signature"], asked["timestamp"], asked["nonce"])
    return web.Response(status=200)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    app = web.Application()
    app.router.add_post(PATH, callback)
    web.run_app(app, host="127.0.0.1", port=parser.parse_args().port, access_log=None, print=None)
