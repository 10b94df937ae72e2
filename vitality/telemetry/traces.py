"""Spans of the work, sent by OTLP where the operator asked for it, else to nowhere at no cost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import cast

from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import NoOpTracer, Tracer

from vitality.errors import SettingsError
from vitality.telemetry.resource import make_resource

_EXPORTER = "opentelemetry.exporter.otlp.proto.http.trace_exporter"


@dataclass(frozen=True, slots=True)
class Traces:
    """A tracer, and what flushes it at the end."""

    tracer: Tracer
    close: Callable[[], None]


def make_traces(
    *, endpoint: str | None, version: str, worker: str = "", exporter: SpanExporter | None = None
) -> Traces:
    """Tracing to the OTLP endpoint; without one, spans that cost and do nothing.

    The exporter reads OTEL_EXPORTER_OTLP_* itself. Raises SettingsError where an endpoint is set and the package
    that speaks OTLP is missing: an operator who asks for traces must not wait for them in vain.
    """
    if endpoint is None:
        return Traces(NoOpTracer(), lambda: None)
    provider = TracerProvider(resource=make_resource(version=version, worker=worker), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(exporter or _otlp_exporter()))
    return Traces(provider.get_tracer("vitality"), provider.shutdown)


def _otlp_exporter() -> SpanExporter:
    try:
        found = find_spec(_EXPORTER)
    except ModuleNotFoundError:
        found = None
    if found is None:
        raise SettingsError(
            "OTEL_EXPORTER_OTLP_ENDPOINT is set, but the package opentelemetry-exporter-otlp-proto-http is not installed"
        )
    return cast("SpanExporter", import_module(_EXPORTER).OTLPSpanExporter())
