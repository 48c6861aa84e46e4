# The portal as a container: web, workers, clock and the commands of `manage.py`, by the command that is given.
#   docker build -f deploy/portal.Dockerfile -t gatepost .
# deploy/docker-compose.yml starts all of it. Nothing secret is in a layer: all of that comes from the environment.
FROM python:3.11-slim AS packages

RUN python -m venv /opt/venv
COPY requirements/runtime.txt requirements/runtime.txt
RUN /opt/venv/bin/pip install --no-cache-dir --require-hashes -r requirements/runtime.txt

FROM python:3.11-slim

# Pango draws the documents, poppler the pictures of their pages.
RUN apt-get update \
 && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 poppler-utils \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 990 --home-dir /opt/gatepost gatepost \
 && install -d -o gatepost -g gatepost -m 0700 /var/lib/gatepost/keys /var/lib/gatepost/scratch
COPY --from=packages /opt/venv /opt/venv
WORKDIR /opt/gatepost
COPY accounts accounts
COPY core core
COPY delivery delivery
COPY discovery discovery
COPY engagements engagements
COPY portal portal
COPY pricing pricing
COPY reports reports
COPY static static
COPY templates templates
COPY requirements requirements
COPY manage.py manage.py
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=portal.settings.production \
    PORTAL_KEY_FOLDER=/var/lib/gatepost/keys \
    TMPDIR=/var/lib/gatepost/scratch
# Words of no worth: the settings ask for them, and collecting files uses none.
RUN SECRET_KEY=none FINGERPRINT_KEY=none CELERY_BROKER_URL=memory:// DATABASE_URL=postgres:///none \
    ALLOWED_HOSTS=none PORTAL_URL=https://none.example python manage.py collectstatic --noinput

USER gatepost
VOLUME /var/lib/gatepost/keys /var/lib/gatepost/scratch
EXPOSE 8000
STOPSIGNAL SIGTERM
CMD ["gunicorn", "portal.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4"]
