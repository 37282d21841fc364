"""One client that asks a server the same things again and again over one connection, and tells how long each took.

Plain HTTP/1.1 over a socket, so that the client costs little; any tool can take its place. Run as a process of its
own (`python -m benchmarks.driver.http`), so that its CPU is told apart: the job comes on stdin as JSON, the tally
goes to stdout as JSON. In a body or path `{uuid}` becomes a new UUID and `{n}` a running number.
"""

import gzip
import json
import resource
import socket
import sys
import time
import uuid
from typing import Any

LOOKED_AT = 20  # every twentieth answer is read whole; the status of each is


class Client:
    """Keeps its connection, and opens it anew when the server has closed it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket: socket.socket | None = None

    def ask(self, request: bytes) -> tuple[int, bytes]:
        for again in (True, False):
            try:
                if self.socket is None:
                    self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=60)
                    self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self.socket.sendall(request)
                return self._answer(self.socket)
            except (ConnectionError, EOFError):
                # A kept connection that the server had closed: nothing of this request was read yet.
                self.socket = None
                if not again:
                    raise
        raise AssertionError("unreachable")

    def _answer(self, connection: socket.socket) -> tuple[int, bytes]:
        read = b""
        while b"\r\n\r\n" not in read:
            read += self._more(connection)
        head, _, body = read.partition(b"\r\n\r\n")
        status = int(head[9:12])
        names = {
            line.split(b":")[0].lower(): line.partition(b":")[2].strip()
            for line in head.split(b"\r\n")[1:]
        }
        length = int(names.get(b"content-length", b"0"))
        parts, got = [body], len(body)
        while got < length:
            part = self._more(connection)
            parts.append(part)
            got += len(part)
        if names.get(b"connection", b"").lower() == b"close":
            connection.close()
            self.socket = None
        location = names.get(b"location", b"")
        return status, location + b"\n" + b"".join(parts)

    @staticmethod
    def _more(connection: socket.socket) -> bytes:
        part = connection.recv(262_144)
        if not part:
            raise EOFError
        return part


def told(answer: bytes) -> bytes:
    """The address it leads to, and the body, uncompressed."""
    location, _, body = answer.partition(b"\n")
    return location + b"\n" + (gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body)


def raw(job: dict[str, Any], number: int) -> bytes:
    """A request as it goes over the wire."""
    fill = {"{uuid}": str(uuid.uuid4()), "{n}": str(number)}
    path, body = job["path"], job.get("body", "")
    for mark, value in fill.items():
        path, body = path.replace(mark, value), body.replace(mark, value)
    lines = [
        f"{job['method']} {path} HTTP/1.1",
        f"Host: localhost:{job['port']}",
        *job.get("headers", []),
    ]
    if job["method"] == "POST":
        lines += [
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body.encode())}",
        ]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def run(job: dict[str, Any]) -> dict[str, Any]:
    """Ask until the time is over, or so often. What is not answered as it should be is counted, with the first such answer."""
    client, took, wrong, first_wrong = Client(job["port"]), [], 0, ""
    time.sleep(max(0.0, job["begins"] - time.time()))
    cpu = resource.getrusage(resource.RUSAGE_SELF)
    begun, number = time.perf_counter(), job["first_number"]
    ends = begun + job["seconds"]
    most = job.get("requests") or float("inf")
    while len(took) < most and (start := time.perf_counter()) < ends:
        number += 1
        status, answer = client.ask(raw(job, number))
        took.append(time.perf_counter() - start)
        looks = len(took) % LOOKED_AT == 1 or status != job["status"]
        if looks and (status != job["status"] or job["holds"].encode() not in told(answer)):
            wrong += 1
            first_wrong = first_wrong or f"{status}: {told(answer)[:300].decode(errors='replace')}"
    spent = resource.getrusage(resource.RUSAGE_SELF)
    cpu_s = spent.ru_utime + spent.ru_stime - cpu.ru_utime - cpu.ru_stime
    elapsed_s = time.perf_counter() - begun
    return {
        "took_s": took,
        "elapsed_s": elapsed_s,
        "wrong": wrong,
        "first_wrong": first_wrong,
        "cpu_s": cpu_s,
    }


if __name__ == "__main__":
    print(json.dumps(run(json.load(sys.stdin))))
