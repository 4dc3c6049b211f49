# The emulator and every other command, for a container that may write to /data and /tmp alone: docs/containers.md.
ARG PYTHON=3.11

FROM python:${PYTHON}-slim AS build
WORKDIR /source
COPY . .
# The versions of requirements.lock, of what is needed to run.
RUN sed -E '/^ *--hash=/d; s/ *\\$//' requirements.lock > /constraints.txt
ENV PIP_CONSTRAINT=/constraints.txt \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_ROOT_USER_ACTION=ignore
RUN python -m venv /opt/roamspec \
    && /opt/roamspec/bin/python -m pip install --no-cache-dir --compile ".[redis]" \
    && /opt/roamspec/bin/python -m pip uninstall --yes pip

FROM python:${PYTHON}-slim
COPY --from=build /opt/roamspec /opt/roamspec
# The root file system may be read-only: byte code is there already, and reports belong under /data.
ENV PATH=/opt/roamspec/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HOME=/tmp
RUN install --directory --mode=0750 --owner=10001 --group=10001 /data
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=3s --start-period=5s --retries=3 \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8080/_emulator', timeout=2)"]
ENTRYPOINT ["roamspec"]
CMD ["emulate", "--host", "0.0.0.0", "--port", "8080", "--data", "/data/emulator", "--ready-file", "/data/ready.json"]
