"""Control over HTTP/1.1, one request a connection: on loopback with a token, on a Unix socket with the file's mode."""

from __future__ import annotations

import asyncio
import hmac
import json
import os
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from delivery.proxy.control.board import RefusedError
from delivery.proxy.control.exposition import CONTENT_TYPE, exposition

if TYPE_CHECKING:
    from pathlib import Path

    from delivery.proxy.control.board import Board

PATIENCE = 10.0
LONGEST_HEAD = 16_384
LONGEST_BODY = 65_536
JSON = "application/json"
GENERATION = "Gatepost-Generation"  # a field of the head, which a proxy that does not know it passes over
LONGEST_NUMBER = 18


class BadRequestError(Exception):
    def __init__(self, status: HTTPStatus, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    fields: dict[str, str]
    body: bytes = b""


class ControlServer:
    """`is_trusted` connections come over the socket: who may open its file may speak."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._servers: list[asyncio.Server] = []

    async def start(self) -> None:
        """Raises OSError."""
        settings = self._board.watch.configuration.control
        if settings.listen:
            host, port = settings.listen.host, settings.listen.port
            self._servers.append(await asyncio.start_server(self._answer_stranger, host, port, limit=LONGEST_HEAD))
        if settings.socket:
            self._servers.append(await self._open_socket(settings.socket))

    async def _open_socket(self, path: Path) -> asyncio.Server:
        before = os.umask(0o177)
        try:
            return await asyncio.start_unix_server(self._answer_trusted, path, limit=LONGEST_HEAD)
        finally:
            os.umask(before)

    async def close(self) -> None:
        for server in self._servers:
            server.close()
            await server.wait_closed()

    async def _answer_stranger(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._converse(reader, writer, is_trusted=False)

    async def _answer_trusted(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._converse(reader, writer, is_trusted=True)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, is_trusted: bool) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                writer.write(await self._reply(reader, is_trusted=is_trusted))
                await writer.drain()
        except (TimeoutError, ConnectionError, asyncio.IncompleteReadError):
            writer.transport.abort()
        finally:
            writer.close()

    async def _reply(self, reader: asyncio.StreamReader, *, is_trusted: bool) -> bytes:
        try:
            request = await read_request(reader)
            if not is_trusted:
                self._check_token(request)
            return await self._answer(request)
        except BadRequestError as error:
            return written(error.status, {"error": str(error)})
        except RefusedError as error:
            return written(HTTPStatus.UNPROCESSABLE_ENTITY, {"error": str(error)})
        except OSError as error:
            why = f"It could not be written down ({error.strerror}). A rollback counts all the same."
            return written(HTTPStatus.SERVICE_UNAVAILABLE, {"error": why})

    def _check_token(self, request: Request) -> None:
        token = self._board.watch.configuration.control.token
        said = request.fields.get("authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(said.encode("latin-1"), token.encode()):
            raise BadRequestError(HTTPStatus.UNAUTHORIZED, "The token of [control] is missing or another one.")

    async def _answer(self, request: Request) -> bytes:
        verb = request.path.removeprefix("/")
        if request.method == "GET" and verb == "status":
            return written(HTTPStatus.OK, self._board.status())
        if request.method == "GET" and verb == "metrics":
            return written(HTTPStatus.OK, exposition(self._board.figures), CONTENT_TYPE)
        if request.method == "POST":
            return written(
                HTTPStatus.OK, await self._board.act(verb, words_of(request.body), generation_of(request.fields))
            )
        raise BadRequestError(HTTPStatus.NOT_FOUND, "GET /status, GET /metrics, or POST with what to do.")


async def read_request(reader: asyncio.StreamReader) -> Request:
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.LimitOverrunError as error:
        raise BadRequestError(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The head is too long.") from error
    first, *lines = head.rstrip("\r\n").split("\r\n")
    method, _, rest = first.partition(" ")
    pairs = (line.partition(":") for line in lines)
    fields = {name.strip().lower(): value.strip() for name, _, value in pairs}
    length = fields.get("content-length", "0")
    if not (length.isascii() and length.isdigit()) or int(length) > LONGEST_BODY or "transfer-encoding" in fields:
        raise BadRequestError(HTTPStatus.BAD_REQUEST, "The body needs a Content-Length, and may be 64 kB long.")
    return Request(method, rest.partition(" ")[0].partition("?")[0], fields, await reader.readexactly(int(length)))


def generation_of(fields: dict[str, str]) -> int:
    """0 where none is said."""
    said = fields.get(GENERATION.lower(), "0")
    if not (said.isascii() and said.isdigit() and len(said) <= LONGEST_NUMBER):
        raise BadRequestError(HTTPStatus.BAD_REQUEST, f"{GENERATION} is a number.")
    return int(said)


def words_of(body: bytes) -> dict[str, Any]:
    try:
        words = json.loads(body) if body.strip() else {}
    except ValueError as error:
        raise BadRequestError(HTTPStatus.BAD_REQUEST, "The body is not JSON.") from error
    if not isinstance(words, dict):
        raise BadRequestError(HTTPStatus.BAD_REQUEST, 'The body is no object: {"new": 50}.')
    return words


def written(status: HTTPStatus, content: dict[str, Any] | str, kind: str = JSON) -> bytes:
    body = (content if isinstance(content, str) else json.dumps(content) + "\n").encode()
    head = f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
    challenge = "WWW-Authenticate: Bearer\r\n" if status == HTTPStatus.UNAUTHORIZED else ""
    return f"{head}{challenge}Connection: close\r\n\r\n".encode() + body
