#!/usr/bin/env bash
# Scrapy 2.19.0 imports extensions that are switched off, and also those that are set to None.
#
# TELNETCONSOLE_ENABLED and REMOTE_CONTROL_ENABLED are read by the extensions themselves, after their import. The
# documented way to leave one out, EXTENSIONS = {"path": None}, drops it from what is built, but its path is resolved
# to the class first. So a crawler without console and remote control still loads twisted.conch (SSH and telnet) and
# aiohttp with its web server at every start. Only a path that does not stand in EXTENSIONS_BASE is not imported.
#
# Seen: both libraries are loaded with the switches off and with None; with a shorter EXTENSIONS_BASE neither is.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "scrapy==2.19.0" "aiohttp==3.14.5" "twisted==26.10.0"
cat > "$folder/look.py" <<'PYTHON'
import sys

import scrapy
from scrapy.crawler import AsyncCrawlerProcess

OFF = {"TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False, "LOG_ENABLED": False}
WAYS = {
    "off": {},
    "none": {
        "EXTENSIONS": {
            "scrapy.extensions.telnet.TelnetConsole": None,
            "scrapy.extensions.remote_control.RemoteControl": None,
        }
    },
    "base": {"EXTENSIONS_BASE": {"scrapy.extensions.corestats.CoreStats": 0}},
}


class Nothing(scrapy.Spider):
    name = "nothing"

    async def start(self):
        for _ in ():
            yield


process = AsyncCrawlerProcess(OFF | WAYS[sys.argv[1]])
process.crawl(Nothing)
process.start()
print(scrapy.__version__, *(f"{name}:{name in sys.modules}" for name in ("twisted.conch", "aiohttp.web")))
PYTHON
for way in off none base; do
    seen=$("$folder/venv/bin/python" "$folder/look.py" "$way")
    printf '%-5s %s\n' "$way" "$seen"
    loaded=$([ "$way" = base ] && echo False || echo True)
    test "$seen" = "2.19.0 twisted.conch:$loaded aiohttp.web:$loaded"
done
