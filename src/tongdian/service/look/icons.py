"""Icons drawn in place: 20 × 20, in the colour of the text beside them."""

from django.utils.safestring import SafeString, mark_safe

_LINE = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"'
_JOIN = f'{_LINE} stroke-linejoin="round"'

SHAPES = {
    "info": f'<circle cx="10" cy="10" r="8" {_LINE}/><path d="M10 9v5M10 6v.1" {_LINE}/>',
    "success": (
        f'<circle cx="10" cy="10" r="8" {_LINE}/><path d="M6.5 10.5l2.5 2.5 4.5-5" {_JOIN}/>'
    ),
    "warning": f'<path d="M10 2.5L18.5 17h-17z" {_JOIN}/><path d="M10 8v4M10 14.5v.1" {_LINE}/>',
    "error": (
        '<path d="M6.5 1.5h7l5 5v7l-5 5h-7l-5-5v-7z" fill="currentColor"/>'
        '<path d="M10 6v5M10 14v.1" fill="none" stroke="#fff" stroke-width="2" '
        'stroke-linecap="round"/>'
    ),
    "clock": f'<circle cx="10" cy="10" r="8" {_LINE}/><path d="M10 5.5V10l3 2" {_JOIN}/>',
    "calendar": f'<path d="M3 4.5h14v13H3zM3 8.5h14M7 2.5v3M13 2.5v3" {_JOIN}/>',
    "flag": f'<path d="M5 18V2.5M5 3h10l-2.5 3.5L15 10H5" {_JOIN}/>',
    "pause": f'<path d="M7 4v12M13 4v12" {_LINE}/>',
    "check": f'<path d="M4 10.5l4 4 8-9" {_JOIN}/>',
    "cross": f'<path d="M5 5l10 10M15 5L5 15" {_LINE}/>',
    "search": f'<circle cx="8.5" cy="8.5" r="6" {_LINE}/><path d="M13 13l5 5" {_LINE}/>',
    "document": f'<path d="M5 2h7l4 4v12H5zM12 2v4h4M8 10h5M8 14h5" {_JOIN}/>',
    "download": f'<path d="M10 2.5v10M6 9l4 4 4-4M3 17.5h14" {_JOIN}/>',
    "copy": f'<path d="M7 7h10v10H7zM13 7V3H3v10h4" {_JOIN}/>',
    "pin": f'<path d="M10 18c4-5 6-7.5 6-10.5a6 6 0 0 0-12 0C4 10.5 6 13 10 18z" {_JOIN}/>'
    '<circle cx="10" cy="7.5" r="2" fill="currentColor"/>',
    "arrow": f'<path d="M3 10h13M11 5l5 5-5 5" {_JOIN}/>',
    "applicant": f'<circle cx="10" cy="6" r="3.5" {_LINE}/>'
    f'<path d="M3 18c0-4 3-6.5 7-6.5s7 2.5 7 6.5" {_LINE}/>',
    "utility": f'<path d="M7 2v5M13 2v5M4.5 7h11v2.5a5.5 5.5 0 0 1-11 0zM10 15v4" {_JOIN}/>',
    "government": f'<path d="M2 7.5l8-5 8 5zM4.5 10v5M10 10v5M15.5 10v5M2 17.5h16" {_JOIN}/>',
    "lamp": f'<circle cx="10" cy="8" r="6" fill="#f2a900"/><path d="M7.5 15h5M8.5 18h3" {_LINE}/>',
    "star": '<path d="M10 1.5l2.6 5.5 5.9.8-4.3 4.2 1.1 6L10 15.1 4.7 18l1.1-6L1.5 '
    '7.800l5.9-.8z" fill="currentColor"/>',
    "star-empty": '<path d="M10 2.700l2.2 4.7 5 .7-3.7 3.6.9 5.100L10 14.300l-4.4 2.5.9-5.100L2.8 '
    f'8.100l5-.7z" {_JOIN}/>',
}
ALIASES = {"debug": "info"}


def icon(name: str, css_class: str = "") -> SafeString:
    """An icon that says nothing to a screen reader: a word always stands beside it."""
    shape = SHAPES[ALIASES.get(name, name)]
    extra = f" {css_class}" if css_class else ""
    return mark_safe(
        f'<svg class="icon{extra}" viewBox="0 0 20 20" width="20" height="20" '
        f'aria-hidden="true" focusable="false">{shape}</svg>'
    )
