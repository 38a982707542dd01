"""nginx as a plain proxy: what passing bytes on costs, the limit for everyone."""

from __future__ import annotations

import subprocess
from pathlib import Path

from .base import Launch, debian

SETTINGS = """
worker_processes 1;
worker_rlimit_nofile 20000;
daemon off;
pid {work}/nginx.pid;
error_log {work}/nginx.log;
events {{ worker_connections 8192; }}
http {{
  access_log off;
  client_body_temp_path {work}/body;
  proxy_temp_path {work}/proxy;
  fastcgi_temp_path {work}/fastcgi;
  uwsgi_temp_path {work}/uwsgi;
  scgi_temp_path {work}/scgi;
  keepalive_requests 1000000;
  upstream engine {{
    server {engine};
    keepalive 256;
    keepalive_requests 1000000;
  }}
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location / {{
      proxy_pass http://engine;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
    }}
  }}
}}
"""


class Nginx:
    """See ``Peer``."""

    name = "nginx"

    def install(self, folder: Path) -> str:
        """See ``Peer``: the version that this Debian has."""
        debian(folder, "nginx")
        said = subprocess.run([self._program(folder), "-v"], capture_output=True, text=True, check=True).stderr
        return said.rpartition("/")[2].strip()

    def launch(self, folder: Path, work: Path, port: int, engine: str) -> Launch:
        """See ``Peer``. Buffering is off, or events would not be passed on as they come."""
        settings = work / "nginx.conf"
        settings.write_text(
            SETTINGS.format(work=work, port=port, engine=engine.removeprefix("http://")), encoding="utf-8"
        )
        return Launch([self._program(folder), "-p", str(work), "-c", str(settings)], ready="/v1/models")

    def _program(self, folder: Path) -> str:
        return str(folder / "usr/sbin/nginx")
