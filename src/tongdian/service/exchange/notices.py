"""Words to the owner of an endpoint that nothing is sent to any more."""

from tongdian.service.exchange.models import Endpoint
from tongdian.service.exchange.outbox import Words, queue


def endpoint_stopped(endpoint: Endpoint) -> None:
    """In the service for the organisation's people, and by e-mail where there is an address."""
    template = f"endpoint_{endpoint.state}"
    words = {"name": endpoint.name, "reason": endpoint.reason}
    key = f"endpoint:{endpoint.pk}:{endpoint.state}:{endpoint.last_success_at or ''}"
    organisation = endpoint.organisation.code
    queue(Words(key, template, audience=organisation, values=words))
    if endpoint.contact:
        queue(
            Words(
                f"{key}:mail", template, channel="email", address=endpoint.contact,
                audience=organisation, values=words,
            )
        )  # fmt: skip
