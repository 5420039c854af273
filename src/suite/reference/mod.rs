//! The reference, as an [`Implementation`].

mod business;
mod certificate;
mod content;
mod http;
mod keys;
pub(crate) mod mobile;
mod openapi;
mod refused;
pub(crate) mod wap;
mod wechat;

use self::keys::{sign_type, signing_key, verifying_key};
#[cfg(feature = "explain")]
pub(crate) use self::refused::header_reason;
pub(crate) use self::refused::message_reason;
use self::refused::{Refused, answer};
pub(crate) use self::wechat::content::resource_reason;
use crate::canonical::{self, Selection};
use crate::notification::{CHECKS, Checks};
use crate::params::Params;
use crate::protocol::mapi::notify_id;
use crate::protocol::pipeline::{MessageError, Pipeline, REFERENCE, Scratch, Stages};
use crate::protocol::wap::WAP;
use crate::protocol::{Protocol, WECHATPAY_V2, wire};
use crate::suite::answer::{Answer, Rejection};
use crate::suite::implementation::{Implementation, Subject};
use crate::vector::case::Ask;
use crate::vector::input::{Ciphertext, Client, HttpMessage, OrderRecord, TextPairs, Transport};
use crate::vector::output::Output;
use crate::vector::reason::Reason;

/// The crate's own implementation of the rules.
#[derive(Clone, Copy, Debug)]
pub struct Reference {
    /// The stages of its pipeline.
    pub stages: Stages,
    /// The checks of a notification against its order.
    pub checks: Checks,
}

impl Default for Reference {
    fn default() -> Self {
        Self { stages: REFERENCE, checks: CHECKS }
    }
}

impl Reference {
    fn pipeline(&self, ask: &Ask) -> Result<Pipeline, Refused> {
        let unknown = || {
            let detail = format!("unknown protocol {:?}", ask.protocol);
            Refused::new(Reason::UnsupportedAlgorithm, detail)
        };
        let own = [WAP].into_iter().find(|protocol| protocol.id == ask.protocol);
        let protocol = Protocol::from_id(&ask.protocol).or(own).ok_or_else(unknown)?;
        Ok(Pipeline { stages: self.stages, ..Pipeline::new(protocol) })
    }

    /// The stages up to the string to sign, for a report.
    fn stages_of(stages: &Stages, params: &Params, excluded: &[&str], output: &mut Output) {
        let selected = |selection: &Selection| {
            selection.pairs(params).map(|pair| (pair.name(), pair.value())).collect::<Params>()
        };
        let mut selection = Selection::new();
        (stages.filter)(params, excluded, &mut selection);
        output.filtered = Some(selected(&selection));
        (stages.sort)(params, &mut selection);
        output.sorted = Some(selected(&selection));
        if canonical::repeated_name(params, &mut selection).is_none() {
            let mut string = Vec::new();
            (stages.join)(params, &selection, &mut string);
            output.string_to_sign = Some(string);
        }
    }

    fn canonicalise(&self, ask: &Ask, params: &TextPairs) -> Result<(Params, Output), Refused> {
        let pipeline = self.pipeline(ask)?;
        let params = encode(ask, params)?;
        pipeline
            .string_to_sign(&params, &mut Scratch::new())
            .map_err(|error| Refused::new(Reason::DuplicateField, error))?;
        let mut output = Output::default();
        Self::stages_of(&self.stages, &params, pipeline.protocol.excluded, &mut output);
        Ok((params, output))
    }

    fn signed(&self, ask: &Ask, params: &TextPairs) -> Result<(Params, Output), Refused> {
        let (params, mut output) = self.canonicalise(ask, params)?;
        let sign_type = sign_type(ask)?;
        let key = signing_key(ask, sign_type)?;
        let pipeline = self.pipeline(ask)?;
        let signature = pipeline.sign(&params, sign_type, &key, &mut Scratch::new())?;
        output.signature = Some(signature.as_str().into());
        Ok((params, output))
    }

    /// What is sent: the parameters that are signed, then `sign_type`, if it is not one of them, and `sign`. Empty ones
    /// are not sent.
    fn request(&self, ask: &Ask, params: &TextPairs) -> Result<(Params, Output), Refused> {
        let protocol = self.pipeline(ask)?.protocol;
        let wire_name = protocol.wire_name(sign_type(ask)?);
        let sign_type = (protocol.sign_type.to_owned(), wire_name.to_owned());
        let is_signed = !protocol.excluded.contains(&protocol.sign_type);
        let params: TextPairs = match is_signed {
            true => params.iter().chain([&sign_type]).cloned().collect(),
            false => params.clone(),
        };
        let (_, output) = self.signed(ask, &params)?;
        let mut sent = output.filtered.clone().unwrap_or_default();
        if !is_signed {
            sent.push(sign_type.0.as_bytes(), sign_type.1.as_bytes());
        }
        let signature = output.signature.as_deref().unwrap_or_default();
        sent.push(protocol.signature.as_bytes(), signature.as_bytes());
        Ok((sent, output))
    }

    fn verify(&self, ask: &Ask, message: &[u8]) -> Answer {
        match self.pipeline(ask) {
            Ok(pipeline) => verify_opened(ask, message, &pipeline, |_| Ok(())),
            Err(refused) => refused.into(),
        }
    }
}

/// Verifies in a pipeline, and shows its stages. `open` stands behind decoding.
pub(crate) fn verify_opened(
    ask: &Ask,
    message: &[u8],
    pipeline: &Pipeline,
    open: impl Fn(&mut Params) -> Result<(), MessageError>,
) -> Answer {
    let configured = || {
        let sign_type = sign_type(ask)?;
        Ok((sign_type, verifying_key(ask, sign_type)?))
    };
    let (sign_type, key) = match configured() {
        Ok(configured) => configured,
        Err(refused) => return Refused::into(refused),
    };
    let mut output = Output::default();
    let mut params = Params::new();
    if pipeline.decode(message, &mut params).is_ok() {
        let mut opened = params.clone();
        if open(&mut opened).is_ok() {
            let excluded = pipeline.protocol.callback_excluded;
            Reference::stages_of(&pipeline.stages, &opened, excluded, &mut output);
        }
        output.decoded = Some(params);
    }
    match pipeline.verify_opened(message, sign_type, &key, &open, &mut Scratch::new()) {
        Ok(_) => Answer::accept(output),
        Err(error) => Answer::Reject(Rejection {
            reason: Some(message_reason(&error)),
            detail: Some(error.to_string()),
            code: None,
            output: Box::new(output),
        }),
    }
}

impl Implementation for Reference {
    fn subject(&self) -> Subject {
        Subject {
            name: "reference".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            language: "Rust".into(),
            source: env!("CARGO_PKG_NAME").into(),
            adapter: String::new(),
        }
    }

    fn string_to_sign(&self, ask: &Ask, params: &TextPairs) -> Answer {
        if mobile::is_own(ask) {
            return mobile::string_to_sign(self, ask, params);
        }
        answer(self.canonicalise(ask, params).map(|(_, output)| Answer::value(output)))
    }

    fn sign(&self, ask: &Ask, params: &TextPairs) -> Answer {
        if mobile::is_own(ask) {
            return mobile::sign(self, ask, params);
        }
        answer(self.signed(ask, params).map(|(_, output)| Answer::value(output)))
    }

    fn decode(&self, ask: &Ask, body: &[u8]) -> Answer {
        let mut params = Params::new();
        answer(self.pipeline(ask).and_then(|pipeline| {
            pipeline.decode(body, &mut params)?;
            Ok(Answer::value(Output { decoded: Some(params), ..Output::default() }))
        }))
    }

    fn build_request(&self, ask: &Ask, gateway: &str, params: &TextPairs) -> Answer {
        answer(self.request(ask, params).map(|(params, mut output)| {
            output.wire = Some(wire::url(gateway, &params));
            Answer::value(output)
        }))
    }

    fn build_form(&self, ask: &Ask, gateway: &str, params: &TextPairs) -> Answer {
        answer(self.request(ask, params).and_then(|(params, mut output)| {
            let protocol = self.pipeline(ask)?.protocol;
            output.html = Some(wire::html_form(&protocol, gateway, &params, ask.charset)?);
            Ok(Answer::value(output))
        }))
    }

    fn build_order_string(&self, ask: &Ask, params: &TextPairs) -> Answer {
        match mobile::is_own(ask) {
            true => mobile::build_order_string(self, ask, params),
            false => openapi::build_order_string(self, ask, params),
        }
    }

    fn sign_request(&self, ask: &Ask, message: &HttpMessage) -> Answer {
        http::sign_request(self, ask, message)
    }

    fn build_xml(&self, ask: &Ask, params: &TextPairs) -> Answer {
        wechat::v2::build_xml(self, ask, params)
    }

    fn build_client_params(&self, ask: &Ask, client: Client, params: &TextPairs) -> Answer {
        match ask.protocol.as_str() {
            "wechatpay.v2" => wechat::rules::build_client_params(self, ask, client, params),
            _ => wechat::content::build_client_params(self, ask, client, params),
        }
    }

    fn check_request_to(&self, ask: &Ask, gateway: &str, params: &TextPairs) -> Answer {
        wechat::rules::check_request(ask, gateway, params)
    }

    fn build_reply(&self, ask: &Ask, accepted: bool, message: &str) -> Answer {
        wechat::rules::build_reply(ask, accepted, message)
    }

    fn check_request(&self, ask: &Ask, params: &TextPairs) -> Answer {
        answer(business::check_request(ask, params))
    }

    fn notify_id_url(&self, _: &Ask, partner: &str, id: &str, transport: Transport) -> Answer {
        let transport = match transport {
            Transport::Https => notify_id::Transport::Https,
            Transport::Http => notify_id::Transport::Http,
        };
        let wire = Some(notify_id::url(partner, id, transport));
        Answer::value(Output { wire, ..Output::default() })
    }

    fn notify_id_answer(&self, _: &Ask, answer: &[u8]) -> Answer {
        match notify_id::Answer::from_bytes(answer) {
            notify_id::Answer::True => Answer::accept(Output::default()),
            other => Answer::reject(Reason::Other, format!("{other:?}")),
        }
    }

    fn diagnose(&self, _: &Ask, signature_matches: bool, answer: &str) -> Answer {
        let cause = notify_id::diagnose(signature_matches, answer.as_bytes());
        Answer::value(Output { cause: Some(cause.as_str().into()), ..Output::default() })
    }

    fn decide(&self, ask: &Ask, notification: &TextPairs, order: Option<&OrderRecord>) -> Answer {
        match ask.protocol.as_str() {
            "alipay.wap" | "alipay.mobile.v1" => wap::decide(self, ask, notification, order),
            "wechatpay.v2" | "wechatpay.v3" => {
                wechat::rules::decide(self, ask, notification, order)
            }
            _ => answer(business::decide(&self.checks, ask, notification, order)),
        }
    }

    fn parse_refund_results(&self, _: &Ask, result_details: &str) -> Answer {
        answer(business::refund_results(result_details))
    }

    fn verify_notify(&self, ask: &Ask, body: &[u8]) -> Answer {
        match ask.protocol.as_str() {
            "alipay.mobile.v1" => mobile::verify_notify(self, ask, body),
            "alipay.wap" => wap::verify_notify(self, ask, body),
            _ => self.verify(ask, body),
        }
    }

    fn verify_http_notify(&self, ask: &Ask, message: &HttpMessage) -> Answer {
        http::verify_notify(self, ask, message)
    }

    fn verify_return(&self, ask: &Ask, query: &[u8]) -> Answer {
        match ask.protocol.as_str() {
            "alipay.mobile" | "alipay.mobile.v1" => mobile::verify_result(self, ask, query),
            "alipay.wap" => wap::verify_return(self, ask, query),
            _ => self.verify(ask, query),
        }
    }

    fn verify_response(&self, ask: &Ask, node: Option<&str>, body: &[u8]) -> Answer {
        match node {
            Some(node) => openapi::verify_response(self, ask, node, body),
            None if ask.protocol == WECHATPAY_V2.id => wechat::v2::verify_response(self, ask, body),
            None => wap::verify_response(self, ask, body),
        }
    }

    fn verify_http_response(&self, ask: &Ask, message: &HttpMessage) -> Answer {
        http::verify_response(self, ask, message)
    }

    fn encrypt(&self, ask: &Ask, plaintext: &[u8]) -> Answer {
        match ask.protocol.as_str() {
            "wechatpay.v3" => wechat::encrypt(ask, plaintext),
            _ => content::encrypt(ask, plaintext),
        }
    }

    fn decrypt(&self, ask: &Ask, ciphertext: &Ciphertext) -> Answer {
        match ask.protocol.as_str() {
            "wechatpay.v2" | "wechatpay.v3" => wechat::decrypt(self, ask, ciphertext),
            _ => content::decrypt(ask, &ciphertext.ciphertext),
        }
    }

    fn certificate_sn(&self, _: &Ask, certificate: &str) -> Answer {
        certificate::sn(certificate)
    }

    fn root_certificate_sn(&self, _: &Ask, certificates: &str) -> Answer {
        certificate::root_sn(certificates)
    }

    fn verify_certificate(&self, _: &Ask, certificate: &str, roots: &str, now: &str) -> Answer {
        certificate::verify(certificate, roots, now)
    }
}

fn encode(ask: &Ask, params: &TextPairs) -> Result<Params, Refused> {
    let pairs = params.iter().map(|(name, value)| (name, value));
    Params::encode(pairs, ask.charset).map_err(|error| Refused::new(Reason::CharsetError, error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::compare;
    use crate::vector::case::Verdict;
    use crate::vector::load::VectorSet;

    /// The judge asks for an operation's own value. The reference owes every stage.
    #[test]
    fn every_expected_stage_is_shown_and_equal() {
        let set = VectorSet::embedded().unwrap();
        let mut compared = 0;
        for case in set.cases() {
            let Verdict::Valid(expected) = &case.verdict else { continue };
            let answer = Reference::default().perform(&case.ask);
            let got = answer.output().unwrap();
            let stages = compare::stages(expected, got, &case.ask);
            for stage in stages {
                let is_expected = match stage.stage {
                    "decoded" => expected.decoded.is_some(),
                    "filtered" => expected.filtered.is_some(),
                    "sorted" => expected.sorted.is_some(),
                    "string_to_sign" => expected.string_to_sign.is_some(),
                    "signature" => expected.signature.is_some(),
                    "wire" => expected.wire.is_some(),
                    "form" => expected.form.is_some(),
                    "order_string" => expected.order_string.is_some(),
                    "headers" => expected.headers.is_some(),
                    _ => continue,
                };
                if is_expected {
                    assert_eq!(stage.difference, Some(None), "{} {}", case.id, stage.stage);
                    compared += 1;
                }
            }
        }
        assert!(compared > 500, "{compared} stages compared");
    }
}
