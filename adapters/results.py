"""What the runs of adapters/check gave, as the record has it: deviations.txt and docs/results.md in two languages."""

import json
from collections import Counter, defaultdict

FILES = {"results.md": "en", "results.zh-CN.md": "zh"}
TWIN = "the valid twin is not offered"
COLUMNS = ("pass", "tolerated", "deviates", "not offered")

WORDS = {
    "en": {
        "title": "# What published libraries do",
        "other": "[中文](results.zh-CN.md)",
        "intro": """\
Each library answers the questions of this suite through its adapter, a small program that calls the library's own
functions: [`adapters/`](../adapters). This page is written by `adapters/check --record` from those runs, and
`adapters/check` fails when they give anything else.

- *pass*: the answer is the one that the rule asks for.
- *tolerated*: official implementations disagree, or the documents are silent, and the answer is one of the known ones.
- *deviates*: it is neither. Each such case is listed below, with its rule and where the rule was taken from.
- *not offered*: the library has no function for it, or writes itself a part of what the case prescribes. The page of
  each adapter says more.

The counts measure the cases, not the libraries: one cause can stand behind many of them.""",
        "columns": dict(zip(COLUMNS, COLUMNS)),
        "library": "library", "language": "language", "adapter": "adapter",
        "protocol": "protocol", "operation": "operation", "rest": "all other groups",
        "source": "Source", "by": "by", "none": "No deviation.",
        "known": "Known mistakes of [docs/mistakes.md](mistakes.md) that give the very same answers:",
        "differs": "gives another {stage}",
        "no_value": "gives no value",
        "accepted": "accepted, though it is to be refused",
        "rejected": "refused, though it is valid",
        "wrong_reason": "refused for another reason, {reason}",
        "twin_not_accepted": "refused, but so is the valid twin `{twin}`",
        "threw": "left by the exception {got}",
        "unknown_answer": "none of the known answers",
        "wrong_kind": "an answer of another kind",
        "crash": "the process ended", "hang": "no answer in time", "garbled": "an answer that cannot be read",
        "not_offered": "Asked, and not offered after all",
        "gap": " ", "colon": ": ", "stop": ".", "comma": ", ",
    },
    "zh": {
        "title": "# 已发布的库实际怎样做",
        "other": "[English](results.md)",
        "intro": """\
每个库都通过适配器回答本套件的问题；适配器是一个小程序，只调用库自身的函数：[`adapters/`](../adapters)。本页由
`adapters/check --record` 根据运行结果写成；运行结果与本页不符时，`adapters/check` 失败。

- *通过*：答案与规则要求的一致。
- *容许*：官方实现之间不一致，或文档没有说明，答案是已知的答案之一。
- *偏离*：两者都不是。下文逐一列出这些用例、所依据的规则及规则的出处。
- *未提供*：库没有相应的函数，或者用例所规定的某一部分由库自行写出。各适配器的说明中有详情。

数字衡量的是用例，不是库：一个原因可能涉及许多用例。""",
        "columns": dict(zip(COLUMNS, ("通过", "容许", "偏离", "未提供"))),
        "library": "库", "language": "语言", "adapter": "适配器",
        "protocol": "协议", "operation": "操作", "rest": "其余各组",
        "source": "出处", "by": "，答案为", "none": "没有偏离。",
        "known": "[docs/mistakes.zh-CN.md](mistakes.zh-CN.md) 中给出完全相同答案的已知错误：",
        "differs": "{stage} 不同",
        "no_value": "没有给出值",
        "accepted": "应当拒绝，却接受",
        "rejected": "有效，却被拒绝",
        "wrong_reason": "拒绝的原因不同：{reason}",
        "twin_not_accepted": "拒绝，但有效的孪生用例 `{twin}` 也被拒绝",
        "threw": "抛出异常 {got}",
        "unknown_answer": "不是已知答案之一",
        "wrong_kind": "答案的类别不同",
        "crash": "进程退出", "hang": "超时没有回答", "garbled": "答案无法读取",
        "not_offered": "已询问，但库并不提供",
        "gap": "", "colon": "：", "stop": "。", "comma": "、",
    },
}


def results_of(report):
    """The results, each with its `kind`: the outcome, or of a deviation how it deviates."""
    results = [line for line in report if line["t"] == "result"]
    for result in results:
        failure = result.get("failure") or result.get("broken") or {}
        result["kind"] = failure.get("kind", result["outcome"])
    unsupported = {result["id"] for result in results if result["kind"] == "unsupported"}
    for result in results:
        if result["kind"] == "twin_not_accepted" and result["failure"]["twin"] in unsupported:
            result["kind"], result["failure"]["detail"] = "unsupported", TWIN
    return results


def column(result):
    columns = {"not_applicable": "not offered", "unsupported": "not offered", "pass": "pass", "tolerated": "tolerated"}
    return columns.get(result["kind"], "deviates")


def deviations(report):
    found = {result["id"]: result["kind"] for result in results_of(report) if result["outcome"] in ("fail", "broken")}
    return "".join(f"{case} {how}\n" for case, how in sorted(found.items()))


def pages(reports, vectors):
    rules = {}
    for path in vectors.rglob("*.json"):
        rules.update(json.loads(path.read_text(encoding="utf-8")).get("rules", {}))
    return {file: page(reports, rules, language) for file, language in FILES.items()}


def page(reports, rules, language):
    words = WORDS[language]
    rows = [[words["library"], words["language"], words["adapter"], *words["columns"].values()]]
    for name, report in reports.items():
        subject, counts = report[0]["subject"], Counter(map(column, results_of(report)))
        library = f"[{subject['name']} {subject['version']}]({subject['source']})"
        adapter = f"[{name}](../adapters/{name})"
        rows.append([library, subject["language"], adapter, *(counts[each] for each in COLUMNS)])
    parts = [words["title"], words["other"], words["intro"], table(rows, 3)]
    for report in reports.values():
        subject = report[0]["subject"]
        parts.append(f"## {subject['name']} {subject['version']} ({subject['language']})")
        parts.append(table(groups(report, words), 2))
        parts += listed(report, rules, words, language) or [words["none"]]
    return "\n\n".join(parts) + "\n"


def table(rows, texts):
    """The first row is the head, the first `texts` columns are text, the others numbers."""
    lines = ["| " + " | ".join(map(str, row)) + " |" for row in rows]
    rule = "| " + " | ".join(["---"] * texts + ["---:"] * (len(rows[0]) - texts)) + " |"
    return "\n".join([lines[0], rule, *lines[1:]])


def groups(report, words):
    counts = defaultdict(Counter)
    for result in results_of(report):
        counts[result["protocol"], result["operation"]][column(result)] += 1
    asked = {group: each for group, each in counts.items() if set(each) != {"not offered"}}
    rest = sum(each["not offered"] for group, each in counts.items() if group not in asked)
    rows = [[words["protocol"], words["operation"], *words["columns"].values()]]
    rows += [[f"`{group[0]}`", f"`{group[1]}`", *(asked[group][each] for each in COLUMNS)] for group in sorted(asked)]
    return [*rows, [words["rest"], "", "", "", "", rest]] if rest else rows


def cases(ids, words):
    return words["comma"].join(f"`{case}`" for case in ids)


def listed(report, rules, words, language):
    """The deviations by rule, each case with what the library does."""
    parts, by_rule, unasked = [], defaultdict(list), defaultdict(list)
    for result in results_of(report):
        if column(result) == "deviates":
            by_rule[result["rule"]].append(result)
        elif result["kind"] == "unsupported":
            unasked[result["failure"]["detail"]].append(result["id"])
    findings = [finding for line in report if line["t"] == "diagnosis" for finding in line["findings"]]
    if findings:
        lines = [f"- `{each['mistake']}`{words['colon']}{each['what'][language]}" for each in findings]
        parts.append("\n".join([words["known"], "", *lines]))
    for rule in sorted(by_rule):
        text, source = rules[rule][language], rules[rule]["source"]
        lines = [f"**`{rule}`** {text}{words['gap']}{words['source']}{words['colon']}{source}{words['stop']}", ""]
        same_twin = defaultdict(list)
        for result in sorted(by_rule[rule], key=lambda result: result["id"]):
            detail = defaultdict(str, result.get("failure") or result["broken"])
            detail["stage"] = detail["stage"].replace("_", " ")
            does = words[result["kind"]].format_map(detail)
            if result["kind"] == "twin_not_accepted":
                same_twin[does].append(result["id"])
            else:
                lines.append(f"- `{result['id']}` {result['title'][language]}{words['colon']}{does}")
        lines += [f"- {cases(ids, words)}{words['colon']}{does}" for does, ids in same_twin.items()]
        parts.append("\n".join(lines))
    if unasked:
        lines = [f"- {why}{words['colon']}{cases(sorted(unasked[why]), words)}" for why in sorted(unasked)]
        parts.append("\n".join([words["not_offered"] + words["colon"].rstrip(), "", *lines]))
    return parts
