"""Where a request comes from, as coarse as locking needs it."""

import ipaddress

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The caller's address; of IPv6 only the network (/64). Empty when there is none."""
    try:
        text = str(get_adapter().get_client_ip(request))
        address = ipaddress.ip_address(text)
    except (PermissionDenied, ValueError):
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.IPv6Network((address, 64), strict=False).network_address)
    return str(address)
