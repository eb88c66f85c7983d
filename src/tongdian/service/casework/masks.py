"""How personal data is shown where it need not be read in full: enough to know it, too little to
use it."""


def mask_name(name: str, id_type: str = "resident_id") -> str:
    """`示例·王小丽` → `示例·王**`: the first character of the last part stays. Of an organisation,
    `贵阳示例枫祥服装有限公司` → `贵阳示例**装有限公司`: enough to know it at a counter."""
    if id_type == "uscc":
        head, tail = name[: max(len(name) // 3, 1)], name[len(name) - len(name) // 2 :]
        return f"{head}**{tail}"
    head, dot, tail = name.rpartition("·")
    return f"{head}{dot}{tail[:1]}{'*' * min(max(len(tail) - 1, 1), 6)}"


def mask_address(address: str) -> str:
    """House numbers below the street are hidden."""
    visible = address.split("号")[0]
    return visible if len(visible) < len(address) else address[: max(len(address) // 2, 4)] + "…"


def mask_number(number: str) -> str:
    """`529900199001010011` → `529***********0011`, of identifiers and telephones."""
    if len(number) < 8:
        return "*" * len(number)
    return f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"
