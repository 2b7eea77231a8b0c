"""Many small websites in one process on loopback addresses: cheap enough not to be what is measured.

``python -m benchmarks.crawl_site HOSTS PAGES`` prints its port and serves until its standard input closes. The
hosts are 127.0.1.1, 127.0.1.2, …: on Linux all of 127.0.0.0/8 is this machine, so that no names are needed and
each is a host of its own to the crawler.
"""

from __future__ import annotations

import asyncio
import json
import sys
from functools import lru_cache

from benchmarks.prose import report

_HOSTS_A_BLOCK = 200
_NAVIGATION = "".join(f"<li><a href='/rubrik/{n}'>Rubrik {n}</a></li>" for n in range(8))


def host_name(number: int) -> str:
    """The address of a host, counted from 0."""
    return f"127.0.{1 + number // _HOSTS_A_BLOCK}.{1 + number % _HOSTS_A_BLOCK}"


def listing(pages: int) -> bytes:
    """A host's start page: links to all its pages."""
    links = "".join(f"<li><a href='/berichte/bericht-{n}.html'>Bericht {n}</a></li>" for n in range(pages))
    head = "<!doctype html><html lang='de'><head><title>Berichte</title></head>"
    return f"{head}<body><ul>{links}</ul></body></html>".encode()


@lru_cache(maxsize=1024)
def page(number: int) -> bytes:
    """A page as they are: main text of five paragraphs between navigation, consent and footer."""
    found = report(number, paragraphs=5, seed=1)
    text = "".join(f"<p>{paragraph}</p>" for paragraph in found.paragraphs)
    return (
        f"<!doctype html><html lang='de'><head><meta charset='utf-8'><title>{found.title}</title>"
        f"<meta name='date' content='2024-05-{number % 28 + 1:02}'></head><body>"
        f"<div class='cookie-banner'><p>Wir verwenden Cookies.</p><button>Einverstanden</button></div>"
        f"<header><nav><ul>{_NAVIGATION}</ul></nav></header><main><article><h1>{found.title}</h1>{text}</article>"
        f"<aside><h2>Mehr zum Thema</h2><ul>{_NAVIGATION}</ul></aside></main>"
        "<footer><p>Impressum · Datenschutz · Barrierefreiheit</p></footer></body></html>"
    ).encode()


def answer(target: str, host: int, pages: int) -> tuple[int, bytes]:
    """Status and body for a path of a host; robots.txt forbids the sections that navigations name."""
    if target == "/":
        return 200, listing(pages)
    if target == "/robots.txt":
        return 200, b"User-agent: *\nDisallow: /rubrik/\n"
    name, _, number = target.removesuffix(".html").rpartition("-")
    if name != "/berichte/bericht" or not number.isdecimal() or int(number) >= pages:
        return 404, b""
    return 200, page(host * pages + int(number))


async def _serve(hosts: int, pages: int) -> None:
    numbers = {host_name(number): number for number in range(hosts)}

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host = numbers[writer.get_extra_info("sockname")[0]]
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                status, body = answer(head.split(b" ", 2)[1].decode("latin-1"), host, pages)
                kind = "text/html; charset=utf-8" if body.startswith(b"<") else "text/plain"
                lines = (f"HTTP/1.1 {status} X", f"Content-Type: {kind}", f"Content-Length: {len(body)}")
                writer.write("\r\n".join((*lines, "", "")).encode() + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    first = await asyncio.start_server(talk, host_name(0), 0)
    port = first.sockets[0].getsockname()[1]
    others = (
        await asyncio.start_server(talk, [host_name(n) for n in range(1, hosts)], port) if hosts > 1 else None
    )
    print(json.dumps({"port": port}), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    for server in (first, others):
        if server is not None:
            server.close()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), int(sys.argv[2])))
