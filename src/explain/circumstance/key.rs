//! The key: its text, its kind, and whose it is.

use super::{Circumstance, Undone};
use crate::explain::keys::{self, Keys};
use crate::explain::situation::Situation;
use crate::mistake::Text;

macro_rules! repairs {
    ($($id:expr, $common:literal, $what:literal, $what_zh:literal, $fix:literal, $fix_zh:literal;)*) => {
        &[
            Circumstance {
                id: "key-other",
                what: Text {
                    en: "the signature is one of another of the keys given",
                    zh: "签名属于给出的另一个密钥",
                },
                fix: Text {
                    en: "configure that key: look up which account, and sandbox or production, it belongs to",
                    zh: "改用该密钥：核对它属于哪个账户、沙箱还是生产环境",
                },
                is_common: true,
                undo: other,
            },
            $(Circumstance {
                id: $id,
                what: Text { en: $what, zh: $what_zh },
                fix: Text { en: $fix, zh: $fix_zh },
                is_common: $common,
                undo: |situation, keys| repaired(situation, keys, $id),
            },)*
        ]
    };
}

impl<S: Situation> Circumstance<S> {
    pub(super) const KEYS: &'static [Self] = repairs! {
        keys::WHITESPACE, true,
            "whitespace stands before, behind or within the key", "密钥的前后或中间有空白",
            "copy the key again without blanks and line breaks", "重新复制密钥，不带空格和换行";
        keys::MARK, false,
            "a byte order mark stands before the key", "密钥前有 BOM（字节序标记）",
            "save the file of the key as UTF-8 without BOM", "把密钥文件保存为无 BOM 的 UTF-8";
        keys::QUOTES, false,
            "quotation marks stand about the key", "密钥两侧带有引号",
            "take the quotation marks off: the configuration's format needs none, or others", "去掉引号：该配置格式不需要引号，或需要另一种引号";
        keys::LABEL, false,
            "the key's name stands before it, such as key=", "密钥前带有名称，例如 key=",
            "give the key alone", "只填写密钥本身";
        keys::WIDTH, false,
            "the key has full-width characters", "密钥中有全角字符",
            "type the key in ASCII, or copy it again", "用半角字符填写，或重新复制密钥";
        keys::LOWER, false,
            "the key belongs in lower case", "密钥应为小写",
            "copy the key as it is shown, without changing its case", "按显示的原样复制密钥，不要改变大小写";
        keys::UPPER, false,
            "the key belongs in upper case", "密钥应为大写",
            "copy the key as it is shown, without changing its case", "按显示的原样复制密钥，不要改变大小写";
        keys::LINE_BREAK, false,
            "who signed had a line break behind the key", "签名方的密钥末尾多了一个换行",
            "trim the key where it is read from its file on the signer's side", "在签名方读取密钥文件时去掉末尾的换行";
        keys::PRIVATE, true,
            "the key is the merchant's own private key, and the signature was made with it: the message was signed by the merchant, and not by Alipay or WeChat Pay",
            "给出的是商户自己的私钥，签名正是用它生成的：报文由商户签名，而不是支付宝或微信支付",
            "verify what comes from Alipay or WeChat Pay with their public key; for a request of one's own, all is well", "验证支付宝或微信支付的报文须用其公钥；若这是自己的请求，则签名无误";
        keys::DAMAGED, true,
            "the text of the key is damaged: line breaks written as \\n, quotation marks, a lost first line or padding", "密钥文本已损坏：换行写成了 \\n、带有引号、缺少首行或填充",
            "put the key into the configuration as PEM with real line breaks, or as base64 on one line", "以带真实换行的 PEM 或单行 base64 填写密钥";
    };
}

fn other<S: Situation>(situation: &S, keys: &Keys) -> Vec<Undone<S>> {
    let Some(current) = keys.get(situation.key()) else { return vec![] };
    (0..keys.names.len())
        .filter(|given| *given != current.given)
        .filter_map(|given| {
            let key = keys.position(given, current.repair)?;
            let detail = vec![keys.names.get(given)?.clone().into_bytes()];
            Some(Undone { situation: situation.with_key(key), detail })
        })
        .collect()
}

fn repaired<S: Situation>(situation: &S, keys: &Keys, id: &'static str) -> Vec<Undone<S>> {
    let current = keys.get(situation.key()).filter(|key| key.repair.is_none());
    let key = current.and_then(|current| keys.position(current.given, Some(id)));
    key.map(|key| situation.with_key(key).into()).into_iter().collect()
}
