# The routing proxy as a container, built from the project's folder:
#   docker build -f deploy/proxy.Dockerfile -t gatepost-proxy .
#   docker run --network host --stop-timeout 660 -v /etc/gatepost:/etc/gatepost:ro -v gatepost-journal:/var/lib/gatepost-proxy gatepost-proxy
# The journal has to be a volume: it is what a retry is recognised by. Control listens on loopback: ask it inside,
#   docker exec CONTAINER python -m delivery.proxy.control.command --config /etc/gatepost/proxy.toml status
FROM python:3.11-slim

RUN useradd --system --uid 990 --home-dir /opt/gatepost gatepost \
 && install -d -o gatepost -g gatepost -m 0700 /var/lib/gatepost-proxy
WORKDIR /opt/gatepost
COPY requirements/runtime.txt requirements/runtime.txt
RUN pip install --no-cache-dir --require-hashes -r requirements/runtime.txt
COPY delivery delivery
COPY discovery discovery

USER gatepost
VOLUME /var/lib/gatepost-proxy
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s \
  CMD ["python", "-m", "delivery.proxy.control.command", "--config", "/etc/gatepost/proxy.toml", "status"]
ENTRYPOINT ["python", "-m", "delivery.proxy.command"]
CMD ["--config", "/etc/gatepost/proxy.toml"]
