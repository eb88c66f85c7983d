"""What other rooms may ask of the exchange."""

import secrets

from tongdian.service.exchange.outbox import Words, queue


def send_query_code(number: str, party: str, telephone: str, code: str) -> None:
    """Send a party's query code to its own telephone, by SMS and in the transaction at hand. It is
    sealed until it is sent, destroyed then, and shown to nobody."""
    queue(
        Words(
            key=f"{number}:code:{party}:{secrets.token_hex(8)}",
            template=f"{party}_code",
            channel="sms",
            audience=party,
            address=telephone,
            case_number=number,
            values={"number": number},
            secret={"code": code},
        )
    )
