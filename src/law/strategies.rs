//! Strategies for inputs of the laws, and of other crates' own properties.
//!
//! Random search alone never finds the single values that break implementations, so each strategy mixes three kinds:
//! what the gateway really sends, what is known to break somebody, and anything at all.
//!
//! ```
//! use alipay_conformance::charset::Charset;
//! use alipay_conformance::law::{self, Setting, strategies};
//! use alipay_conformance::signature::SignType;
//! use alipay_conformance::suite::reference::Reference;
//! use proptest::prelude::*;
//!
//! proptest!(|(params in strategies::params(Charset::Gbk), seed: u64)| {
//!     let setting = Setting::embedded(SignType::Md5, Charset::Gbk).unwrap();
//!     let implementation = Reference::default(); // yours
//!     law::order_does_not_matter(&implementation, &setting, &params, seed)?;
//! });
//! ```

use std::num::NonZeroU8;
use std::ops::Range;
use std::sync::OnceLock;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::charset::Charset;
use crate::law::{Edit, Half, Setting, SignedMessage};
use crate::params::Params;
use crate::protocol::MAPI;
use crate::signature::SignType;

/// Names that requests and notifies of the legacy gateway have, without `sign` and `sign_type`.
pub const NAMES: &[&str] = &[
    "_input_charset",
    "batch_no",
    "body",
    "business_scene",
    "buyer_email",
    "buyer_id",
    "discount",
    "extra_common_param",
    "gmt_close",
    "gmt_create",
    "gmt_payment",
    "gmt_refund",
    "is_success",
    "is_total_fee_adjust",
    "logistics_fee",
    "logistics_fee_1",
    "logistics_payment",
    "logistics_type",
    "logistics_type_1",
    "notify_id",
    "notify_time",
    "notify_type",
    "notify_url",
    "out_trade_no",
    "partner",
    "payment_type",
    "price",
    "quantity",
    "receive_address",
    "receive_mobile",
    "receive_name",
    "receive_phone",
    "receive_zip",
    "refund_status",
    "result_details",
    "return_url",
    "seller_email",
    "seller_id",
    "service",
    "show_url",
    "subject",
    "success_num",
    "total_fee",
    "trade_no",
    "trade_status",
    "use_coupon",
];

/// Names that tell orders, filters and excluded names apart.
const HOSTILE_NAMES: &[&str] = &[
    "",
    " ",
    "0",
    "10",
    "2",
    "=",
    "&",
    "a",
    "A",
    "a=b",
    "a&b",
    "a[0]",
    "a[]",
    "a-b",
    "a.b",
    "aB",
    "a_b",
    "ab",
    "Body",
    "BODY",
    "logistic",
    "logistics",
    "logistics_",
    "logistics_f",
    "sig",
    "sign ",
    "Sign",
    "SIGN",
    "sign_",
    "sign_typ",
    "Sign_Type",
    "sign_type_",
    "sign_types",
    "signs",
    "subject\0",
    "total_fee ",
    "totalfee",
    "z",
    "_",
    "__",
    "~",
    "\u{7F}",
];

/// Values that are not what they look like.
const HOSTILE_VALUES: &[&str] = &[
    " ",
    "  ",
    "0",
    "0.0",
    "00",
    "null",
    "false",
    "undefined",
    "+",
    "%",
    "%25",
    "%2B",
    "%20",
    "%2",
    "&",
    "&amp;",
    "&quot;",
    "=",
    "==",
    "a=b&c=d",
    "&sign=0",
    "a+b c",
    "\"",
    "'",
    "<b>",
    "\\",
    "\\u8ba2",
    "[]",
    "{\"a\":1}",
    "\0",
    "\t",
    "\n",
    "\r\n",
    "x ",
    " x",
    "0.01",
    "1e2",
    "-1",
    "٣",
];

/// Characters whose bytes hold `&`, `=`, `\`, digits or letters in some charset, and such that tables disagree about.
const ODD_CHARACTERS: &str =
    "€·—―～〜￥¥丂乗俓乣誠珅鐐㈠ㄅⅠ①ａ　\u{FEFF}\u{E000}\u{FE10}é𠮷😀\u{10FFFF}";

const DIGITS: &[u8] = b"0123456789";

const CHINESE: &str =
    "订单支付宝测试商品充值一元钱数量价格合计款到账退货运费中国人民币深圳市龙华区";

/// A charset.
pub fn charset() -> impl Strategy<Value = Charset> {
    select(Charset::ALL.as_slice())
}

/// A sign type.
pub fn sign_type() -> impl Strategy<Value = SignType> {
    select(SignType::ALL.as_slice())
}

/// A setting of a sign type, with a published key and any charset.
pub fn setting(sign_type: SignType) -> impl Strategy<Value = Setting> {
    charset().prop_filter_map("no key", move |charset| Setting::embedded(sign_type, charset).ok())
}

/// A character that the charset can write.
pub fn character(charset: Charset) -> impl Strategy<Value = char> {
    let of = |text: &str| -> Vec<char> {
        text.chars().filter(|c| charset.encode(c.encode_utf8(&mut [0; 4])).is_ok()).collect()
    };
    let any = match charset {
        Charset::Gbk | Charset::Gb2312 => select(two_byte_characters()).boxed(),
        _ => any::<char>()
            .prop_filter("no bytes", move |c| charset.encode(c.encode_utf8(&mut [0; 4])).is_ok())
            .boxed(),
    };
    prop_oneof![
        4 => (0x20_u8..0x7F).prop_map(char::from),
        2 => select(of(" &=+%;?#'\"<>\\/:*-._~")),
        4 => select(of(CHINESE)),
        2 => select(of(ODD_CHARACTERS)),
        2 => any,
    ]
}

/// Text that the charset can write, of up to 24 characters.
pub fn text(charset: Charset) -> impl Strategy<Value = String> {
    vec(character(charset), 0..24).prop_map(String::from_iter)
}

/// A parameter's name that the charset can write: the protocol's, one that begins with or differs by little from
/// another, or any text. Never an excluded name; `Sign` and its like only where `hostile`.
pub fn name(charset: Charset, hostile: bool) -> impl Strategy<Value = String> {
    name_of(NAMES, MAPI.excluded, charset, hostile)
}

/// The same of another protocol's names.
fn name_of(
    names: &'static [&'static str],
    excluded: &'static [&'static str],
    charset: Charset,
    hostile: bool,
) -> impl Strategy<Value = String> {
    let suffix = prop_oneof![Just(String::new()), Just("_1".into()), letters(b"_aZ09", 0..4)];
    let hostile_weight = u32::from(hostile);
    prop_oneof![
        12 => select(names).prop_map(str::to_owned),
        2 => (select(names), any::<Index>(), suffix).prop_map(|(name, cut, suffix)| {
            name.get(..=cut.index(name.len())).unwrap_or(name).to_owned() + &suffix
        }),
        1 => letters(b"abcyz_", 1..11),
        4 * hostile_weight => select(HOSTILE_NAMES).prop_map(str::to_owned),
        hostile_weight => select(names).prop_map(str::to_uppercase),
        2 * hostile_weight => text(charset),
    ]
    .prop_filter("excluded", move |name| !excluded.contains(&name.as_str()))
}

/// A parameter's value that the charset can write; empty now and then.
pub fn value(charset: Charset) -> impl Strategy<Value = String> {
    prop_oneof![
        2 => Just(String::new()),
        3 => select(HOSTILE_VALUES).prop_filter("no bytes", move |text| charset.encode(text).is_ok())
            .prop_map(str::to_owned),
        3 => (0_u32..100_000_000, 0_u32..100).prop_map(|(yuan, fen)| format!("{yuan}.{fen:02}")),
        2 => letters(DIGITS, 16..28),
        1 => [2000_u16..2040, 1..13, 1..32, 0..24, 0..60, 0..60].prop_map(|[y, m, d, h, min, s]| {
            format!("{y}-{m:02}-{d:02} {h:02}:{min:02}:{s:02}")
        }),
        1 => letters(b"ab.7", 1..12).prop_map(|name| name + "@example.com"),
        1 => letters(b"a/%+&=?0", 0..12).prop_map(|rest| format!("https://shop.example/{rest}")),
        6 => text(charset),
        1 => vec(character(charset), 200..400).prop_map(String::from_iter),
    ]
}

/// Text parameters in any order, each name once, with names as the gateway's: every implementation must manage these.
pub fn params(charset: Charset) -> impl Strategy<Value = Vec<(String, String)>> {
    unique(name(charset, false).boxed(), value(charset).boxed())
}

/// As [`params`], with names that nobody uses too.
pub fn hostile_params(charset: Charset) -> impl Strategy<Value = Vec<(String, String)>> {
    unique(name(charset, true).boxed(), value(charset).boxed())
}

/// The same with another protocol's names.
pub(crate) fn hostile_params_of(
    names: &'static [&'static str],
    excluded: &'static [&'static str],
    charset: Charset,
) -> impl Strategy<Value = Vec<(String, String)>> {
    unique(name_of(names, excluded, charset, true).boxed(), value(charset).boxed())
}

/// Parameters in any order, each name once, of bytes that may be text in no charset. Never an excluded name.
pub fn byte_params() -> impl Strategy<Value = Params> {
    let name = prop_oneof![
        2 => name(Charset::Utf8, true).prop_map(String::into_bytes),
        1 => vec(any::<u8>(), 0..12),
    ];
    let value = prop_oneof![
        2 => value(Charset::Gb18030).prop_map(String::into_bytes),
        1 => value(Charset::Gbk).prop_map(|text| match Charset::Gbk.encode(&text) {
            Ok(bytes) => bytes.into_owned(),
            Err(_) => text.into_bytes(),
        }),
        1 => vec(any::<u8>(), 0..40),
    ];
    let name = name.prop_filter("excluded", |name| {
        !MAPI.excluded.iter().any(|other| other.as_bytes() == name)
    });
    unique(name.boxed(), value.boxed()).prop_map(|pairs| pairs.into_iter().collect())
}

/// The body of a form, well formed or not: `&`, `=`, escapes whole, cut and of no hexadecimal digits, raw bytes.
pub fn form_body() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => select(&["&", "=", "+", ";", "&&", "?", "\u{FEFF}", "a", "sign=", "sign_type=MD5", "%26",
            "%3d", "%3D", "%2B", "%25", "%2525", "%00", "%D6%D0", "%d6"][..]).prop_map(|text| text.as_bytes().to_vec()),
        1 => select(&["%", "%4", "%G1", "%1G", "%%", "%\u{8ba2}"][..]).prop_map(|text| text.as_bytes().to_vec()),
        2 => any::<u8>().prop_map(|byte| format!("%{byte:02x}").into_bytes()),
        3 => name(Charset::Utf8, true).prop_map(String::into_bytes),
        3 => vec(any::<u8>(), 0..6),
    ];
    vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// A genuine message under a setting.
pub fn message(setting: Setting) -> impl Strategy<Value = SignedMessage> {
    params(setting.charset).prop_filter_map("not signed", move |params| {
        SignedMessage::new(&setting, &Params::encode(params, setting.charset).ok()?)
    })
}

/// An edit that a genuine message does not survive.
pub fn edit() -> impl Strategy<Value = Edit> {
    let bits = (1..=u8::MAX).prop_filter_map("no bits", NonZeroU8::new);
    // One bit, or `a` for `A`: small changes are the ones that get lost.
    let bits =
        prop_oneof![bits, select(&[1_u8, 0x20][..]).prop_filter_map("no bits", NonZeroU8::new)];
    let half = select(&[Half::Name, Half::Value][..]);
    let text = || value(Charset::Utf8).prop_map(String::into_bytes);
    prop_oneof![
        4 => (0..64_usize, half, 0..4096_usize, bits.clone())
            .prop_map(|(parameter, half, offset, bits)| Edit::Change { parameter, half, offset, bits }),
        2 => (0..344_usize, bits).prop_map(|(offset, bits)| Edit::ChangeSignature { offset, bits }),
        1 => (0..64_usize).prop_map(|parameter| Edit::Remove { parameter }),
        1 => (name(Charset::Utf8, true), text())
            .prop_map(|(name, value)| Edit::Add { name: name.into_bytes(), value }),
    ]
}

/// Text of some ASCII characters.
fn letters(of: &'static [u8], length: Range<usize>) -> impl Strategy<Value = String> {
    vec(select(of).prop_map(char::from), length).prop_map(String::from_iter)
}

/// Up to 20 pairs, each name once, shuffled.
fn unique<N: std::fmt::Debug + Clone + Ord + 'static, V: std::fmt::Debug + Clone + 'static>(
    name: BoxedStrategy<N>,
    value: BoxedStrategy<V>,
) -> impl Strategy<Value = Vec<(N, V)>> {
    btree_map(name, value, 0..20).prop_map(|map| map.into_iter().collect::<Vec<_>>()).prop_shuffle()
}

/// All characters that GBK writes in two bytes.
fn two_byte_characters() -> &'static [char] {
    static CHARACTERS: OnceLock<Vec<char>> = OnceLock::new();
    CHARACTERS.get_or_init(|| {
        let bytes = (0x81..=0xFE).flat_map(|lead| (0x40..=0xFE).map(move |trail| [lead, trail]));
        let text = bytes.filter_map(|bytes| Charset::Gbk.decode(&bytes).ok()?.chars().next());
        // A lead byte beside an ASCII one is no character; U+3000 is there twice.
        text.filter(|character| !character.is_ascii()).collect()
    })
}
