//! Parameters, a charset and an edit made of the input: every law that has a say.
//!
//! The sign type is MD5. An RSA signature takes a tenth of a second under the fuzzer's instruments, so the property tests
//! have that to themselves.

use std::num::NonZeroU8;
use std::sync::LazyLock;

use alipay_conformance::charset::Charset;
use alipay_conformance::law::{self, Edit, Half, Setting};
use alipay_conformance::params::Params;
use alipay_conformance::signature::SignType;
use alipay_conformance::suite::reference::Reference;
use alipay_conformance::vector::input::Input;
use alipay_conformance::vector::operation::Operation;
use arbitrary::{Result, Unstructured};

static SETTINGS: LazyLock<[Setting; 4]> = LazyLock::new(|| {
    Charset::ALL.map(|charset| Setting::embedded(SignType::Md5, charset).expect("embedded keys"))
});

struct Case {
    setting: &'static Setting,
    /// Text that the charset of the setting can write.
    text: Vec<(String, String)>,
    bytes: Params,
    edit: Edit,
    seed: u64,
}

/// Checks the laws.
pub fn run(input: &[u8]) {
    if let Ok(case) = case(&mut Unstructured::new(input)) {
        check(&case);
    }
}

fn check(Case { setting, text, bytes, edit, seed }: &Case) {
    let reference = Reference::default();
    let held = super::holds;
    held(law::edit_is_refused(&reference, setting, bytes, edit));

    let first = text.first().cloned().unwrap_or_default();
    held(law::order_does_not_matter(&reference, setting, text, *seed));
    held(law::empty_values_do_not_matter(&reference, setting, text, &first.1));
    let values = [first.0, first.1];
    held(law::excluded_names_do_not_matter(&reference, setting, text, &values));
    held(law::string_to_sign_agrees_with_the_naive_model(&reference, setting, text));
    held(law::own_signature_is_accepted(&reference, setting, text));
    held(law::built_request_is_accepted(&reference, setting, text));
    held(law::encode_agrees_with_serde_urlencoded(text));
    let input = Input::Params(text.clone());
    held(law::same_answer_twice(&reference, setting, Operation::Sign, &input));

    held(law::form_survives(&reference, setting, bytes));
    held(law::decodes_once(&reference, setting, bytes));
    if let Some(message) = law::SignedMessage::new(setting, bytes) {
        let body = message.body();
        held(law::notify_and_return_agree(&reference, setting, &body));
        held(law::verdict_agrees_with_the_naive_model(&reference, setting, &body));
    }
    for half in bytes.iter().flat_map(|(name, value)| [name, value]) {
        held(law::bytes_survive(setting.charset, half));
        held(law::charset_errors_point_at_the_fault(setting.charset, half));
    }
    for half in text.iter().flat_map(|(name, value)| [name, value]) {
        held(law::text_survives(setting.charset, half));
    }
}

fn case(input: &mut Unstructured) -> Result<Case> {
    let setting = input.choose(SETTINGS.as_slice())?;
    let edit = edit(input)?;
    let seed = input.arbitrary()?;
    let mut text = Vec::new();
    for _ in 0..input.int_in_range(0..=12)? {
        text.push((name(input, setting.charset)?, words(input, setting.charset)?));
    }
    let mut bytes = Params::new();
    for _ in 0..input.int_in_range(0..=12)? {
        bytes.push(input.arbitrary()?, input.arbitrary()?);
    }
    Ok(Case { setting, text, bytes, edit, seed })
}

fn name(input: &mut Unstructured, charset: Charset) -> Result<String> {
    let known =
        ["subject", "total_fee", "total_fee_1", "body", "Body", "_input_charset", "a", "sign_"];
    match input.ratio(1, 2)? {
        true => input.choose(&known).map(|name| (*name).to_owned()),
        false => words(input, charset),
    }
}

fn words(input: &mut Unstructured, charset: Charset) -> Result<String> {
    // GBK, read as such, gives text of GBK far sooner than UTF-8 would.
    if charset != Charset::Utf8
        && let Ok(text) = charset.decode(input.arbitrary::<&[u8]>()?)
    {
        return Ok(text.into_owned());
    }
    let mut text: String = input.arbitrary()?;
    text.retain(|character| charset.encode(character.encode_utf8(&mut [0; 4])).is_ok());
    Ok(text)
}

fn edit(input: &mut Unstructured) -> Result<Edit> {
    let bits = NonZeroU8::new(input.arbitrary()?).unwrap_or(NonZeroU8::MIN);
    let position = |input: &mut Unstructured| input.arbitrary::<u16>().map(usize::from);
    Ok(match input.int_in_range(0..=3)? {
        0 => Edit::Change {
            parameter: position(input)?,
            half: if input.arbitrary()? { Half::Name } else { Half::Value },
            offset: position(input)?,
            bits,
        },
        1 => Edit::ChangeSignature { offset: position(input)?, bits },
        2 => Edit::Remove { parameter: position(input)? },
        _ => Edit::Add { name: input.arbitrary()?, value: input.arbitrary()? },
    })
}
