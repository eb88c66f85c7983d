"""Rows of the exchange: followers of the log, webhooks out, signed messages in, words to people."""

from tongdian.service.exchange.models.facts import Consent, StoredFact
from tongdian.service.exchange.models.following import Follower, SetAside
from tongdian.service.exchange.models.inbound import Inbound, Source, SourceKey, Subject
from tongdian.service.exchange.models.messages import Message
from tongdian.service.exchange.models.webhooks import Delivery, Endpoint, EndpointHour, Secret

__all__ = [
    "Consent",
    "Delivery",
    "Endpoint",
    "EndpointHour",
    "Follower",
    "Inbound",
    "Message",
    "Secret",
    "SetAside",
    "Source",
    "SourceKey",
    "StoredFact",
    "Subject",
]
