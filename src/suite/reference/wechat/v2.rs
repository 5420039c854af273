//! Messages of version 2.

use crate::params::Params;
use crate::protocol::wechatpay::response::is_failure;
use crate::protocol::wechatpay::write::write;
use crate::suite::answer::Answer;
use crate::suite::reference::Reference;
use crate::suite::reference::refused::{Refused, answer};
use crate::vector::case::Ask;
use crate::vector::input::TextPairs;
use crate::vector::output::Output;

/// What is signed, and `sign`. Empty values are not sent.
pub(in crate::suite::reference) fn build_xml(
    reference: &Reference,
    ask: &Ask,
    params: &TextPairs,
) -> Answer {
    let built = || {
        let (_, mut output) = reference.signed(ask, params)?;
        let mut sent = output.filtered.clone().unwrap_or_default();
        sent.push(b"sign", output.signature.as_deref().unwrap_or_default().as_bytes());
        output.xml = Some(write(&sent)?);
        Ok::<_, Refused>(Answer::value(output))
    };
    answer(built())
}

/// The answer to a call that failed is taken for what it is; any other is verified.
pub(in crate::suite::reference) fn verify_response(
    reference: &Reference,
    ask: &Ask,
    body: &[u8],
) -> Answer {
    let mut params = Params::new();
    let decoded = reference.pipeline(ask).map(|pipeline| pipeline.decode(body, &mut params));
    if matches!(decoded, Ok(Ok(()))) && is_failure(&params) {
        return Answer::accept(Output { decoded: Some(params), ..Output::default() });
    }
    reference.verify(ask, body)
}
