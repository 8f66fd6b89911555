# syntax=docker/dockerfile:1
# Two targets: `web` (site, background worker, beat; no torch) and `worker` (the models).
FROM python:3.11-slim-bookworm AS base
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=/app PIP_NO_CACHE_DIR=1 \
    DJANGO_SETTINGS_MODULE=reviewapp.settings.production
WORKDIR /app
RUN groupadd --gid 10001 review \
    && useradd --uid 10001 --gid review --home-dir /app/var --no-create-home review \
    && install --directory --owner review --group review var var/models
COPY pyproject.toml README.md LICENSE ./

FROM base AS web
RUN pip install ".[web]"
COPY manage.py ./
COPY inference inference
COPY reviewapp reviewapp
COPY templates templates
COPY static static
# Production settings want their values; these stay in this line and reach no process.
RUN REVIEW_SECRET_KEY=- REVIEW_ALLOWED_HOSTS=- REVIEW_TRUSTED_ORIGINS=https://- REVIEW_DATABASE_HOST=- \
    REVIEW_BROKER_URL=redis://- REVIEW_CACHE_URL=redis://- \
    python manage.py collectstatic --noinput --verbosity 0
USER review
EXPOSE 8000
# The site answers only to its own names, so the check calls it by the first of them.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["python", "-c", \
    "import os, urllib.request as r; host = os.environ['REVIEW_ALLOWED_HOSTS'].split(',')[0].strip().lstrip('.'); r.urlopen(r.Request('http://127.0.0.1:8000/healthz', headers={'Host': host}), timeout=4)"]
CMD ["gunicorn", "reviewapp.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "8", "--timeout", "60"]

FROM base AS worker
# PyTorch's CPU build by default; empty for PyPI's CUDA build.
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
RUN pip install ${TORCH_INDEX:+--extra-index-url "$TORCH_INDEX"} ".[openvino,torch]"
COPY manage.py ./
COPY inference inference
COPY reviewapp reviewapp
USER review
ENV REVIEW_WORKER_LOADS_MODELS=true
# One process, never forked after CUDA. It answers a ping between batches, not within one.
HEALTHCHECK --interval=60s --timeout=30s --start-period=120s --retries=5 CMD ["sh", "-c", \
    "celery --app reviewapp inspect ping --timeout 20 --destination models@$(hostname)"]
CMD ["sh", "-c", "exec celery --app reviewapp worker --pool solo --queues assessment --hostname models@$(hostname) --loglevel WARNING"]
