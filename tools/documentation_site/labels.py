"""The words of the generated pages, in both languages of the site."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Labels:
    """One label each; those with braces are filled with what they name."""

    lang: str
    overview: str
    overview_text: str
    service: str
    clients: str
    columns: tuple[str, ...]
    all: str
    family: str
    commands: str
    client_commands: str
    operations: str
    level: str
    blocking: str
    non_blocking: str
    needs: str
    since: str
    source: str
    line: str
    thus: str
    judged_by: str
    by_sdk: str
    not_judged: str
    broken_by: str
    faults: str
    excused: str
    errata: str
    comma: str
    colon: str


_EN: Final = Labels(
    lang="en",
    overview="Requirements",
    overview_text="""\
Each requirement has one rule, the sentences of the vendor's documentation that it rests on, the checks that
judge it, and the seeded faults that break it. The catalogue has revision {revision}; `roamspec requirements`
prints it.

A requirement is *blocking* when its level is `must` and its evidence is `documented` (the page of the five
operations says it), `vendor` (another page of the vendor says it) or `derived` (it follows from such a
sentence in one step). All other requirements are judged and reported too, but they do not fail a run without
`--strict`. The sentences are cited in our words. [The contract](../contract.md) describes the catalogue; the
[errata](../errata.md) list where the documentation contradicts itself.""",
    service="The service",
    clients="Clients",
    columns=("family", "what it is about", "requirements", "blocking"),
    all="all",
    family="Requirements: {family}",
    commands="""\
`roamspec requirements '{family}.*'` prints these requirements, `roamspec run --req '{family}.*'` judges them,
and `roamspec faults '{family}.*'` lists the faults of this family.""",
    client_commands="""\
`roamspec requirements --clients '{family}.*'` prints these requirements. `roamspec sdk` judges them on the
calls of a client: [a verdict for an SDK](../sdk.md).""",
    operations="operations",
    level="level and evidence",
    blocking=", blocking",
    non_blocking=", non-blocking",
    needs="the target must offer",
    since="since revision",
    source="the documentation says",
    line="line {line}",
    thus="Thus: ",
    judged_by="Judged by",
    by_sdk="`roamspec sdk`, on the calls that a client makes",
    not_judged="No check judges it: {reason}",
    broken_by="Broken by",
    faults="Broken by {count} seeded faults",
    excused="No seeded fault breaks it: {reason}.",
    errata="Errata",
    comma=", ",
    colon=": ",
)
_ZH: Final = Labels(
    lang="zh",
    overview="要求目录",
    overview_text="""\
每条要求包括一条规则、它所依据的厂商文档中的语句、判定它的检查项，以及会使它失败的预置缺陷。
要求目录的版本号为 {revision}；`roamspec requirements` 打印要求目录。

级别为必须（`must`），并且依据为以下之一的要求具有*阻断性*：`documented`（五个操作所在的页面写明）、
`vendor`（厂商的其他页面写明）、`derived`（由这样的语句一步推导得出）。其他要求同样会判定和报告，
但只有使用 `--strict` 时才会使运行失败。所依据的语句用我们自己的话转述。
要求目录的说明见[契约](../contract.md)；文档自相矛盾之处见[勘误](../errata.md)。""",
    service="对服务的要求",
    clients="对客户端的要求",
    columns=("类别", "内容", "要求", "阻断性要求"),
    all="全部",
    family="要求：{family}",
    commands="""\
`roamspec requirements '{family}.*'` 打印这些要求，`roamspec run --req '{family}.*'` 判定它们，
`roamspec faults '{family}.*'` 列出这一类的缺陷。""",
    client_commands="""\
`roamspec requirements --clients '{family}.*'` 打印这些要求。`roamspec sdk` 根据客户端的调用判定它们：
[判定 SDK](../sdk.md)。""",
    operations="操作",
    level="级别和依据",
    blocking="，阻断",
    non_blocking="，非阻断",
    needs="目标必须提供",
    since="自版本",
    source="文档的说明",
    line="第 {line} 行",
    thus="因此：",
    judged_by="判定它的检查项",
    by_sdk="`roamspec sdk`，根据客户端的调用",
    not_judged="没有检查项判定它：{reason}",
    broken_by="会使它失败的缺陷",
    faults="{count} 个预置缺陷会使它失败",
    excused="没有预置缺陷会使它失败：{reason}。",
    errata="勘误",
    comma="、",
    colon="：",
)


def labels_of(lang: str) -> Labels:
    """The labels of a language of the site: `en` or `zh`."""
    return {"en": _EN, "zh": _ZH}[lang]
