"""A FastAPI handler that opens a callback with wechatpy, as its documentation shows, and answers: nothing is kept."""

from __future__ import annotations

import argparse

import uvicorn
from fastapi import FastAPI, Request, Response
from wechatpy.enterprise.crypto import WeChatCrypto

from benchmarks.sealing import CORP, KEY, PATH, TOKEN

app = FastAPI()
crypto = WeChatCrypto(TOKEN, KEY, CORP)


@app.post(PATH)
async def callback(request: Request) -> Response:
    """Decrypt and answer."""
    asked = request.query_params
    crypto.decrypt_message(await request.body(), asked["msg_signature"], asked["timestamp"], asked["nonce"])
    return Response(status_code=200)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    uvicorn.run(app, host="127.0.0.1", port=parser.parse_args().port, log_level="error", access_log=False)
