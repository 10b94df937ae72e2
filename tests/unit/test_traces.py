"""Traces go where the operator asked, or nowhere at no cost."""

from __future__ import annotations

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from vitality.errors import SettingsError
from vitality.telemetry.traces import make_traces


def test_without_an_endpoint_spans_do_nothing() -> None:
    """No span is recorded and closing is free."""
    traces = make_traces(endpoint=None, version="1")
    with traces.tracer.start_as_current_span("work") as span:
        assert not span.is_recording()
    traces.close()


def test_spans_are_sent_before_the_end() -> None:
    """Closing flushes what was recorded, with the resource of this process."""
    exporter = InMemorySpanExporter()
    traces = make_traces(endpoint="http://collector.example:4318", version="1", worker="w1", exporter=exporter)
    with traces.tracer.start_as_current_span("work"):
        pass
    traces.close()
    (span,) = exporter.get_finished_spans()
    assert span.name == "work"
    assert span.resource.attributes["service.instance.id"] == "w1"


def test_an_endpoint_without_an_exporter_is_a_settings_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asking for traces that nothing can send is said at the start."""
    monkeypatch.setattr("vitality.telemetry.traces._EXPORTER", "opentelemetry.exporter.missing.trace_exporter")
    with pytest.raises(SettingsError, match="opentelemetry-exporter-otlp"):
        make_traces(endpoint="http://collector.example:4318", version="1")
