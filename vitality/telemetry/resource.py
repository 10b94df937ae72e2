"""Who measures and traces: the attributes that every metric and span of this process shares."""

from __future__ import annotations

from opentelemetry.sdk.resources import Resource


def make_resource(*, version: str, worker: str) -> Resource:
    """Name, version and worker; OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES, read by the SDK, come first."""
    own = Resource({"service.name": "vitality", "service.version": version, "service.instance.id": worker})
    detected = Resource.create()
    if str(detected.attributes.get("service.name", "")).startswith("unknown_service"):
        return detected.merge(own)
    return own.merge(detected)
