# Two stages: what builds does not ship. The image runs the gateway with the embedded checkpoints.
FROM python:3.11-slim AS build
WORKDIR /build
RUN python -m venv /opt/dragoman
COPY pyproject.toml README.md LICENSE ./
COPY diagnostics diagnostics
COPY service service
RUN /opt/dragoman/bin/pip install --no-cache-dir '.[embedded,redis,postgres]'

FROM python:3.11-slim
RUN useradd --create-home --uid 10001 dragoman
COPY --from=build /opt/dragoman /opt/dragoman
USER dragoman
# It listens beyond loopback, so it wants API keys: mount a file and name it in DRAGOMAN_AUTH__KEYS_FILE, or let
# everybody in with DRAGOMAN_AUTH__OPEN=true.
ENV PATH=/opt/dragoman/bin:$PATH DRAGOMAN_SERVER__HOST=0.0.0.0
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8080/health', timeout=2)"]
CMD ["dragoman", "serve"]
