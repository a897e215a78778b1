# uvicorn with a bare ASGI application that plays the roles.
import asyncio
import hashlib
import json
from urllib.parse import parse_qs

LIMIT = 1000
SLOW = 0.2
calls = {}


async def answer(send, status, body, *headers):
    body = body.encode()
    fields = [(b"content-length", str(len(body)).encode()), *headers]
    await send({"type": "http.response.start", "status": status, "headers": fields})
    await send({"type": "http.response.body", "body": body})


class TooLarge(Exception):
    pass


async def content_of(receive, most=None):
    content = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionError
        content += message.get("body", b"")
        if most is not None and len(content) > most:
            raise TooLarge
        if not message.get("more_body", False):
            return content


async def reads(scope, receive, send, most=None):
    try:
        content = await content_of(receive, most)
    except ConnectionError:
        return
    except TooLarge:
        return await answer(send, 413, "no")
    sha256 = hashlib.sha256(content).hexdigest()
    await answer(send, 200, json.dumps({"length": len(content), "sha256": sha256}))


def refuses(status, *headers):
    async def route(scope, receive, send):
        await answer(send, status, "no", *headers)

    return route


def header(scope, name):
    return next((value.decode() for key, value in scope["headers"] if key == name), None)


async def limit(scope, receive, send):
    if int(header(scope, b"content-length") or 0) > LIMIT:
        return await answer(send, 413, "no")
    await reads(scope, receive, send, LIMIT)


async def slow(scope, receive, send):
    await asyncio.sleep(SLOW)
    await reads(scope, receive, send)


async def slow_refuses(scope, receive, send):
    await asyncio.sleep(SLOW)
    await answer(send, 403, "no")


async def reads_then_refuses(scope, receive, send):
    await content_of(receive)
    await answer(send, 422, "no")


async def partial(scope, receive, send):
    await receive()
    await answer(send, 413, "no")


async def throws(scope, receive, send):
    raise RuntimeError("secret")


async def coded(scope, receive, send):
    if header(scope, b"content-encoding") is not None:
        return await answer(send, 415, "no", (b"accept-encoding", b"gzip"))
    await reads(scope, receive, send)


async def length_required(scope, receive, send):
    if header(scope, b"content-length") is None:
        return await answer(send, 411, "no")
    await reads(scope, receive, send)


async def counts(scope, receive, send):
    ident = parse_qs(scope["query_string"].decode()).get("id", [""])[0]
    await answer(send, 200, str(calls.get(ident, 0)))


routes = {
    "/hello": refuses(200),
    "/reads": reads,
    "/refuses": refuses(401, (b"www-authenticate", b"Bearer")),
    "/limit": limit,
    "/slow": slow,
    "/slow-refuses": slow_refuses,
    "/early": refuses(200),
    "/reads-then-refuses": reads_then_refuses,
    "/partial": partial,
    "/throws": throws,
    "/methods": refuses(405, (b"allow", b"GET")),
    "/typed": refuses(415, (b"accept", b"video/*")),
    "/coded": coded,
    "/length-required": length_required,
    "/busy": refuses(503, (b"retry-after", b"1")),
    "/counts": counts,
}


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    ident = header(scope, b"conformance-id")
    if ident is not None:
        calls[ident] = calls.get(ident, 0) + 1
    await routes.get(scope["path"], refuses(404))(scope, receive, send)
