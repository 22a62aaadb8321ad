# huifang in a container, on amd64 and arm64: everything that it needs comes as wheels. See docs/deploy.md.
FROM python:3.13-slim AS build
WORKDIR /build
COPY requirements requirements
RUN python -m venv /opt/huifang
RUN /opt/huifang/bin/pip install --no-cache-dir --require-hashes -r requirements/build.txt -r requirements/run.txt
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY config config
COPY dialogs dialogs
COPY docs docs
COPY scoring scoring
COPY storage storage
RUN /opt/huifang/bin/pip install --no-cache-dir --no-deps --no-build-isolation .
RUN /opt/huifang/bin/python -m compileall -q /opt/huifang/lib

FROM python:3.13-slim
# Backups of PostgreSQL are made and laid down by its own programs, of the version of compose.yaml's server.
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-client && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --create-home --home-dir /srv/huifang huifang
RUN install --directory --owner huifang --group huifang --mode 700 /srv/huifang/var
COPY --from=build /opt/huifang /opt/huifang
ENV PATH=/opt/huifang/bin:$PATH PYTHONDONTWRITEBYTECODE=1 HUIFANG_HTTP__HOST=0.0.0.0
USER 10001
WORKDIR /srv/huifang
VOLUME /srv/huifang/var
EXPOSE 8480
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8480/healthz', timeout=4)"]
ENTRYPOINT ["huifang"]
CMD ["run"]
