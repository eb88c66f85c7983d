"""Whether the registries of this installation answer."""

from tongdian.problem import Problem


def examine_registries() -> tuple[str, str]:
    """How many answer. Raises Problem naming those that do not, or what is wrong in their file.
    Needs Django set up."""
    from tongdian.service.exchange.registries.configuration import configuration, is_configured
    from tongdian.service.exchange.registries.plugin import health_of

    if not is_configured():
        return "没有接入，申请人自己上传证照", "none is connected: applicants upload their papers"
    found = configuration()
    states = [registry.check() for registry in found.registries.values()]
    if found.credit is not None:
        states.append(health_of(found.credit))
    bad = [state for state in states if state.is_well is not True]
    if bad or not states:
        zh = "；".join(f"{state.registry} {state.zh}" for state in bad) or "没有回应"
        en = "; ".join(f"{state.registry}: {state.en}" for state in bad) or "no answer"
        raise Problem(
            zh,
            f"{en}.",
            remedy_zh="不影响受理：申请人可以上传，系统会继续查。请检查地址和密钥，或联系对方。",
            remedy_en="Nothing waits for it: applicants upload, and it is asked on. Check address"
            " and key, or talk to whoever runs it.",
        )
    return f"{len(states)} 个，都正常", f"{len(states)}, all well"
