"""Following the log for facts: consent that is withdrawn on a case ends what was kept for it."""

from tongdian.service.exchange.consumers import CaseEvent, Consumer


def _withdrawn(event: CaseEvent) -> None:
    from tongdian.service.exchange.facts import withdraw_on_case

    withdraw_on_case(event.case)


FACTS = Consumer("facts", frozenset({"consent_withdrawn"}), _withdrawn)
