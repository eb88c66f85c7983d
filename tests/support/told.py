"""What people were told by message."""

from tongdian.service.exchange.models import Message


def sent_code(number: str, party: str) -> str:
    """The query code that waits to be sent to a party of a case."""
    message = Message.objects.get(case_number=number, template=f"{party}_code")
    assert message.sealed is not None
    return str(message.sealed["secret"]["code"])
