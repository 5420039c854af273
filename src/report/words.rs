//! The reports' own words, in both languages. `{}` stands for what is filled in.

use crate::mistake::waiting::Needs;
use crate::report::Lang;

macro_rules! words {
    ($($name:ident: $en:literal, $zh:literal;)*) => {
        /// The words of one language. Without the command line some are never said.
        #[cfg_attr(not(feature = "cli"), allow(dead_code))]
        pub(crate) struct Words {
            $(pub(crate) $name: &'static str,)*
        }

        const EN: Words = Words { $($name: $en,)* };
        const ZH: Words = Words { $($name: $zh,)* };
    };
}

words! {
    colon: ": ", "：";
    adapter: ", adapter {}", "，适配器 {}";
    nameless: "(an implementation without a name)", "（未命名的实现）";

    ran: "ran", "已运行";
    passed: "passed", "通过";
    failed: "failed", "失败";
    tolerated: "tolerated", "容许";
    broken: "broken", "异常";
    not_applicable: "not applicable", "不适用";
    not_run: "not run", "未运行";
    not_selected: "not selected", "未选中";

    failed_of_rule: "{} failed", "失败 {} 项";
    rule: "rule", "规则";
    rule_source: "source", "来源";
    more: "{} more: {}", "另有 {} 项：{}";
    more_verbose: "--verbose shows all of them in full.", "加 --verbose 可查看全部详情。";

    asked: "asked", "请求";
    differs: "differs", "差异";
    differs_at: "{} at byte offset {}: expected {}, got {}", "{} 字节偏移 {}：应为 {}，实为 {}";
    differs_in: "{}, parameter {}, at byte offset {}: expected {}, got {}", "{}，参数 {}，字节偏移 {}：应为 {}，实为 {}";
    end: "the end", "结尾";
    nothing: "(nothing)", "（无）";
    expected: "expected", "应为";
    got: "got", "实为";
    to_sign: "to sign", "待签名";
    edit: "edit", "改动";
    edit_of: "the valid {}, with {} at {}: {} → {}", "有效用例 {}，{} 处（{}）：{} → {}";
    start: "its start", "开头";
    note: "note", "说明";
    flags: "flags", "标志";
    or: "or", "或";

    stop: ".", "。";
    mistake_what: "mistake", "错误";
    mistake_fix: "fix", "改法";
    mistake_caught: "caught by", "发现它的用例";
    mistakes_title: "Known mistakes", "已知错误";
    mistakes_intro: "{} ways in which implementations are known to go wrong. Each is an implementation too, run against every vector:\nthe vectors that are there to catch it stand beside it. This page is made from the catalogue itself.", "已知的 {} 种实现错误。每一种都是可以运行的实现，并逐一用全部用例检验：专门用来发现它的用例列在旁边。\n本页由错误目录自动生成。";
    waiting_title: "Not run yet", "尚不能运行";
    waiting_intro: "Mistakes that were seen too, and what each waits for: a protocol that is not covered yet, or more than messages can show.", "同样见于实际实现的错误，括号内是它所等待的：尚未支持的协议，或报文本身无法体现的条件。";
    needs_endpoint: "a live endpoint", "需要运行中的接收端";
    needs_question: "a question that is not put yet", "需要尚未提出的问题";
    needs_inspection: "a look at the program", "需要检查程序本身";
    needs_agreement: "agreement that it is one", "对其是否为错误尚无一致意见";
    matrix_caught: "mistakes are caught", "个错误被发现";
    matrix_named: "mistakes are caught by a vector that names them", "个错误被指明它的用例发现";
    matrix_pairs: "pairs of mistakes are caught", "对错误被发现";
    matrix_catching: "vectors catch a mistake", "个用例能发现错误";
    matrix_purposeful: "vectors catch a mistake, are a twin, or state their purpose", "个用例能发现错误、是对照用例或写明了用途";
    matrix_not_caught: "{} mistakes that no vector catches:", "没有用例能发现的 {} 个错误：";
    matrix_not_named: "{} mistakes that no vector names that catches them:", "没有用例指明的 {} 个错误：";
    matrix_wrong_names: "{} names that vectors give but do not catch:", "用例指明却不能发现的 {} 个错误：";
    matrix_idle: "{} vectors that catch nothing and state no purpose:", "不能发现错误、也没有写明用途的 {} 个用例：";
    matrix_hidden: "{} pairs that no vector catches:", "没有用例能发现的 {} 对错误：";

    comma: ", ", "、";
    like: "behaves like {}", "表现与 {} 相同";
    like_explains: "explains {} of {} failures", "可解释 {} 项失败，共 {} 项";
    like_changes: "; all {} answers that it changes were given that way",
        "；它会改变的 {} 个回答，实际回答全都与之相同";
    like_one_case: "; one case only", "；仅有一个用例为证";
    like_or: "these cases cannot tell it from {}", "这些用例无法将它与 {} 区分开";
    like_other_pairs: "or, as far as these cases tell: {}", "就这些用例而言，也可能是：{}";
    like_together: "together these explain {} of {} failures", "以上合起来可解释 {} 项失败，共 {} 项";
    like_unexplained: "{} failures that this does not explain: {}", "未能解释的 {} 项失败：{}";
    like_none: "None of the {} known mistakes explains these failures without contradicting another answer.",
        "{} 种已知错误中，没有一种既能解释这些失败又不与其他回答矛盾。";

    a_value: "a value", "一个值";
    accept_or_reject: "accept or reject", "接受或拒绝";
    unsupported: "unsupported", "不支持";
    accept: "accept", "接受";
    reject: "reject", "拒绝";
    reject_for: "reject: {}", "拒绝：{}";
    words_of: " ({})", "（{}）";
    value_of: "a value for {}", "{} 的值";
    no_value: "an answer without {}", "没有 {} 的回答";
    exception: "exception {}: {}", "异常 {}：{}";
    declared: "an answer, as {} is declared as supported", "应有回答，因为已声明支持 {}";
    wrong_reason: "rejected for a reason that is not there", "拒绝的原因并不存在";
    twin_rejected: "the valid twin {} is not accepted either, so the rejection shows nothing",
        "有效的孪生用例 {} 也未被接受，因此这次拒绝说明不了问题";

    crash: "crash", "崩溃";
    hang: "hang", "超时";
    garbled: "garbled", "乱码";
    stderr: "stderr", "stderr";
    warning: "warning", "警告";

    given_by: "as {}", "与 {} 相同";

    conforms: "{} conforms: {} passed, {} tolerated.", "{} 符合规则：通过 {} 项，容许 {} 项。";
    deviates: "{} deviates: {} of {} cases failed{}.", "{} 不符合规则：失败 {} 项，共 {} 项{}。";
    broke: ", {} broke it", "，异常 {} 项";
    could_not_test: "{} could not be tested: {} of {} cases were not run.",
        "{} 无法完成测试：{} 项未运行，共 {} 项。";
    nothing_ran: "nothing was tested: no case ran.", "什么也没有测试：没有运行任何用例。";
    too_few: "too little was tested: {} cases ran, at least {} were wanted.",
        "测试不足：运行了 {} 项，至少需要 {} 项。";
    generated: "generated cases ran, seed {}", "个生成的用例已运行，种子 {}";
    as_expected: "as expected", "符合预期";
    different: "different", "有差异";
    of_cases: "in {} cases", "出现于 {} 个用例";
    input: "input", "输入";
    replay: "replay", "重现";
    file: "file", "文件";
    not_asked: "drawn and not asked", "已生成但未询问";
    nothing_offered: "nothing is offered of which cases can be generated", "未提供任何可以生成用例的操作";
    few_asked: "most of what was drawn could not be asked: it is contested or not offered",
        "生成的大部分用例无法询问：有争议，或不在所提供的范围内";
    enough: "ended early: {} different findings are enough", "提前结束：已有 {} 个不同的发现";
    enough_broken: "ended early: {} cases broke the implementation", "提前结束：{} 个用例使实现异常";
    could_not_ask: "ended early: {}", "提前结束：{}";
    generated_conforms: "{} conforms: {} generated cases, none different.",
        "{} 符合规则：生成的 {} 个用例均无差异。";
    generated_deviates: "{} deviates: {} of {} generated cases are different, in {} ways.",
        "{} 不符合规则：有差异 {} 个，共生成 {} 个用例，差异 {} 种。";
    generated_not_tested: "{} could not be tested: {} of {} generated cases ran.",
        "{} 无法完成测试：生成的用例运行了 {} 个，共 {} 个。";
    generated_too_few: "too little was tested: {} generated cases ran, at least {} were wanted.",
        "测试不足：生成的用例运行了 {} 个，至少需要 {} 个。";
    generated_interrupted: "interrupted: {} of {} generated cases ran, {} different in {} ways.",
        "已被中断：生成的用例运行了 {} 个，共 {} 个，其中 {} 个有差异，共 {} 种。";

    sort_order: "in another order", "顺序不同";
    sort_more: "parameters that should not be there", "多出了参数";
    sort_fewer: "parameters are missing", "缺少参数";
    sort_bytes: "other bytes", "字节不同";
    sort_no_value: "no value", "没有值";
    sort_accepted: "accepted what must be rejected", "接受了必须拒绝的消息";
    sort_rejected: "rejected what must be accepted", "拒绝了必须接受的消息";
    sort_wrong_reason: "rejected for a reason that is not there", "拒绝的原因并不存在";
    sort_threw: "exception {}", "异常 {}";
    sort_unsupported: "declared as supported, and is not", "已声明支持，实际不支持";
    sort_wrong_kind: "an answer of another kind", "回答的类型不符";
    sort_violated: "a law that does not hold", "定律不成立";

    interrupted: "interrupted: {} of {} cases ran, and {} failed{}.",
        "已被中断：运行了 {} 项，共 {} 项，其中失败 {} 项{}。";
}

impl Lang {
    pub(crate) fn words(self) -> &'static Words {
        match self {
            Self::En => &EN,
            Self::Zh => &ZH,
        }
    }
}

impl Words {
    /// What a mistake waits for.
    pub(crate) fn needs(&self, needs: Needs) -> &'static str {
        match needs {
            Needs::Question => self.needs_question,
            Needs::Inspection => self.needs_inspection,
            Needs::Agreement => self.needs_agreement,
            _ => self.needs_endpoint,
        }
    }
}

/// The sentence with its gaps filled in, in their order.
pub(crate) fn fill(sentence: &str, values: &[&dyn std::fmt::Display]) -> String {
    let mut values = values.iter();
    let mut out = String::new();
    for (index, part) in sentence.split("{}").enumerate() {
        if index > 0
            && let Some(value) = values.next()
        {
            out.push_str(&value.to_string());
        }
        out.push_str(part);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_fill_in_the_same() {
        let gaps = |words: &Words| {
            [
                words.differs_at,
                words.differs_in,
                words.deviates,
                words.edit_of,
                words.interrupted,
                words.generated,
                words.generated_conforms,
                words.generated_deviates,
                words.generated_not_tested,
                words.generated_too_few,
                words.generated_interrupted,
                words.sort_threw,
            ]
            .map(|sentence| sentence.matches("{}").count())
        };
        assert_eq!(gaps(&EN), gaps(&ZH));
    }

    #[test]
    fn fills_in() {
        assert_eq!(fill("{} of {}", &[&1, &"two"]), "1 of two");
        assert_eq!(fill("{", &[&1]), "{");
    }
}
