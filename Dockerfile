# Build:  docker build -t enterprise-tester-syncer .
# Run:    see config/compose.yaml and config/kubernetes.yaml; docs/operations.md leads through both.
#
# Nothing is written but the state DB in /var/lib/syncer. Secrets are read from /run/secrets, if that is mounted.

# Both stages start from the same image, or the environment wouldn't fit. Name one by its digest to fix it for good:
# docker build --build-arg BASE=python@sha256:... .
ARG BASE=python:3.12-slim-bookworm

FROM ${BASE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src

# What changes seldom comes first: these layers survive a change of the code.
COPY requirements/build.txt requirements/run.txt requirements/
RUN pip install --require-hashes -r requirements/build.txt \
    && python -m venv /opt/venv \
    && /opt/venv/bin/pip install --require-hashes -r requirements/run.txt

COPY . .
RUN pip wheel --no-deps --no-build-isolation --wheel-dir /dist . \
    && /opt/venv/bin/pip install --no-deps --no-index /dist/*.whl


FROM ${BASE}
COPY --from=build /opt/venv /opt/venv
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin syncer \
    && install --directory --owner=10001 --group=10001 --mode=0700 /var/lib/syncer \
    && install --directory /etc/syncer/mappings

# SQLite needs a place for large sorts: TMPDIR leads it to the one folder that can be written.
ENV PATH=/opt/venv/bin:$PATH PYTHONSAFEPATH=1 PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 TMPDIR=/var/lib/syncer
USER 10001:10001
VOLUME /var/lib/syncer
EXPOSE 8484

# The program is its own health check. A first mirror of a large project is one long cycle: it is healthy while it gets on.
HEALTHCHECK --interval=30s --timeout=10s --start-period=2m CMD ["syncer", "healthcheck"]
ENTRYPOINT ["syncer"]
CMD ["run"]
