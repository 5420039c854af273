//! The trait that is put under test.

use crate::suite::answer::Answer;
use crate::vector::case::Ask;
use crate::vector::input::{
    Ciphertext, Client, HttpMessage, Input, OrderRecord, TextPairs, Transport,
};
use crate::vector::operation::Operation;

/// An implementation of the protocols, or of a part of one.
///
/// Every operation has a method, and every method defaults to [`Answer::NotOffered`]: implement what there is.
/// The cases of the other operations are listed as not applicable.
///
/// The `ask` of each method carries the configuration: protocol, sign type, charset and key. A method may panic;
/// the runner takes that for [`Answer::Threw`].
///
/// ```
/// use alipay_conformance::suite::{answer::Answer, implementation::{Implementation, Subject}};
/// use alipay_conformance::vector::{case::Ask, input::TextPairs, output::Output};
///
/// struct Mine;
///
/// impl Implementation for Mine {
///     fn subject(&self) -> Subject {
///         Subject { name: "mine".into(), version: "1.0.0".into(), ..Subject::default() }
///     }
///
///     fn string_to_sign(&self, _ask: &Ask, params: &TextPairs) -> Answer {
///         let joined: Vec<_> = params.iter().map(|(n, v)| format!("{n}={v}")).collect();
///         let string = joined.join("&").into_bytes();
///         Answer::value(Output { string_to_sign: Some(string), ..Output::default() })
///     }
/// }
/// ```
pub trait Implementation: Sync {
    /// Who is under test.
    fn subject(&self) -> Subject;

    /// Why this ask is outside of what the implementation offers; `None` where it is within.
    ///
    /// The place to say, for instance, that only UTF-8 or only MD5 is supported.
    fn declines(&self, ask: &Ask) -> Option<String> {
        let _ = ask;
        None
    }

    /// What went on beside the answers that is no failure and yet not right. Read once, after the cases.
    fn warnings(&self) -> Vec<String> {
        Vec::new()
    }

    /// Filters, sorts and joins parameters.
    fn string_to_sign(&self, ask: &Ask, params: &TextPairs) -> Answer {
        let _ = (ask, params);
        Answer::NotOffered
    }

    /// Signs parameters.
    fn sign(&self, ask: &Ask, params: &TextPairs) -> Answer {
        let _ = (ask, params);
        Answer::NotOffered
    }

    /// Builds the signed URL of a request.
    fn build_request(&self, ask: &Ask, gateway: &str, params: &TextPairs) -> Answer {
        let _ = (ask, gateway, params);
        Answer::NotOffered
    }

    /// Builds the page that posts a signed request by itself.
    fn build_form(&self, ask: &Ask, gateway: &str, params: &TextPairs) -> Answer {
        let _ = (ask, gateway, params);
        Answer::NotOffered
    }

    /// Builds the signed text that a merchant's app hands to the wallet.
    fn build_order_string(&self, ask: &Ask, params: &TextPairs) -> Answer {
        let _ = (ask, params);
        Answer::NotOffered
    }

    /// Builds the XML of a signed request.
    fn build_xml(&self, ask: &Ask, params: &TextPairs) -> Answer {
        let _ = (ask, params);
        Answer::NotOffered
    }

    /// Builds the signed parameters with which a page or app calls up the wallet.
    fn build_client_params(&self, ask: &Ask, client: Client, params: &TextPairs) -> Answer {
        let _ = (ask, client, params);
        Answer::NotOffered
    }

    /// Signs an HTTP message whose signature travels in a header.
    fn sign_request(&self, ask: &Ask, message: &HttpMessage) -> Answer {
        let _ = (ask, message);
        Answer::NotOffered
    }

    /// Checks a request's parameters against its service's table.
    fn check_request(&self, ask: &Ask, params: &TextPairs) -> Answer {
        let _ = (ask, params);
        Answer::NotOffered
    }

    /// Checks a request's parameters against the table of the address that it goes to.
    fn check_request_to(&self, ask: &Ask, gateway: &str, params: &TextPairs) -> Answer {
        let _ = (ask, gateway, params);
        Answer::NotOffered
    }

    /// Decodes a body.
    fn decode(&self, ask: &Ask, body: &[u8]) -> Answer {
        let _ = (ask, body);
        Answer::NotOffered
    }

    /// Verifies the body of a notify.
    fn verify_notify(&self, ask: &Ask, body: &[u8]) -> Answer {
        let _ = (ask, body);
        Answer::NotOffered
    }

    /// Verifies a notification whose signature stands in a header.
    fn verify_http_notify(&self, ask: &Ask, message: &HttpMessage) -> Answer {
        let _ = (ask, message);
        Answer::NotOffered
    }

    /// Verifies a reply whose signature stands in its body; `node` is the member of the JSON object that is signed.
    fn verify_response(&self, ask: &Ask, node: Option<&str>, body: &[u8]) -> Answer {
        let _ = (ask, node, body);
        Answer::NotOffered
    }

    /// Verifies a reply whose signature stands in a header.
    fn verify_http_response(&self, ask: &Ask, message: &HttpMessage) -> Answer {
        let _ = (ask, message);
        Answer::NotOffered
    }

    /// Verifies the query of a return.
    fn verify_return(&self, ask: &Ask, query: &[u8]) -> Answer {
        let _ = (ask, query);
        Answer::NotOffered
    }

    /// Builds the URL of the notify_id check.
    fn notify_id_url(
        &self,
        ask: &Ask,
        partner: &str,
        notify_id: &str,
        transport: Transport,
    ) -> Answer {
        let _ = (ask, partner, notify_id, transport);
        Answer::NotOffered
    }

    /// Judges the gateway's answer to the notify_id check.
    fn notify_id_answer(&self, ask: &Ask, answer: &[u8]) -> Answer {
        let _ = (ask, answer);
        Answer::NotOffered
    }

    /// Tells the cause from the two verdicts on one message.
    fn diagnose(&self, ask: &Ask, signature_matches: bool, answer: &str) -> Answer {
        let _ = (ask, signature_matches, answer);
        Answer::NotOffered
    }

    /// Decides what to do about a verified notification.
    fn decide(&self, ask: &Ask, notification: &TextPairs, order: Option<&OrderRecord>) -> Answer {
        let _ = (ask, notification, order);
        Answer::NotOffered
    }

    /// Builds the reply to a notification, which was handled or not.
    fn build_reply(&self, ask: &Ask, accepted: bool, message: &str) -> Answer {
        let _ = (ask, accepted, message);
        Answer::NotOffered
    }

    /// Reads the `result_details` of a refund notification.
    fn parse_refund_results(&self, ask: &Ask, result_details: &str) -> Answer {
        let _ = (ask, result_details);
        Answer::NotOffered
    }

    /// Encrypts content.
    fn encrypt(&self, ask: &Ask, plaintext: &[u8]) -> Answer {
        let _ = (ask, plaintext);
        Answer::NotOffered
    }

    /// Decrypts content.
    fn decrypt(&self, ask: &Ask, ciphertext: &Ciphertext) -> Answer {
        let _ = (ask, ciphertext);
        Answer::NotOffered
    }

    /// The serial number of a certificate, as requests name it.
    fn certificate_sn(&self, ask: &Ask, certificate: &str) -> Answer {
        let _ = (ask, certificate);
        Answer::NotOffered
    }

    /// The serial number of a bundle of root certificates, as requests name it.
    fn root_certificate_sn(&self, ask: &Ask, certificates: &str) -> Answer {
        let _ = (ask, certificates);
        Answer::NotOffered
    }

    /// Verifies a certificate, and those between it and a root, at a time.
    fn verify_certificate(&self, ask: &Ask, certificate: &str, roots: &str, now: &str) -> Answer {
        let _ = (ask, certificate, roots, now);
        Answer::NotOffered
    }

    /// Calls the method of the ask's operation. An implementation that passes asks on, such as a child process,
    /// overrides this one alone.
    fn perform(&self, ask: &Ask) -> Answer {
        match (ask.operation, &ask.input) {
            (Operation::StringToSign, Input::Params(params)) => self.string_to_sign(ask, params),
            (Operation::Sign, Input::Params(params)) => self.sign(ask, params),
            (Operation::CheckRequest, Input::Params(params)) => self.check_request(ask, params),
            (Operation::BuildOrderString, Input::Params(params)) => {
                self.build_order_string(ask, params)
            }
            (Operation::BuildXml, Input::Params(params)) => self.build_xml(ask, params),
            (Operation::BuildClientParams, Input::ClientParams { client, params }) => {
                self.build_client_params(ask, *client, params)
            }
            (Operation::CheckRequest, Input::Request { gateway, params }) => {
                self.check_request_to(ask, gateway, params)
            }
            (Operation::BuildReply, Input::Handled { accepted, message }) => {
                self.build_reply(ask, *accepted, message)
            }
            (Operation::SignRequest, Input::Http(message)) => self.sign_request(ask, message),
            (Operation::BuildRequest, Input::Request { gateway, params }) => {
                self.build_request(ask, gateway, params)
            }
            (Operation::BuildForm, Input::Request { gateway, params }) => {
                self.build_form(ask, gateway, params)
            }
            (Operation::Decode, Input::Message(body)) => self.decode(ask, &body.0),
            (Operation::VerifyNotify, Input::Message(body)) => self.verify_notify(ask, &body.0),
            (Operation::VerifyNotify, Input::Http(message)) => {
                self.verify_http_notify(ask, message)
            }
            (Operation::VerifyResponse, Input::Response { node, body }) => {
                self.verify_response(ask, node.as_deref(), &body.0)
            }
            (Operation::VerifyResponse, Input::Http(message)) => {
                self.verify_http_response(ask, message)
            }
            (Operation::VerifyReturn, Input::Message(query)) => self.verify_return(ask, &query.0),
            (Operation::NotifyIdUrl, Input::NotifyId { partner, notify_id, transport }) => {
                self.notify_id_url(ask, partner, notify_id, *transport)
            }
            (Operation::NotifyIdAnswer, Input::Answer(answer)) => {
                self.notify_id_answer(ask, &answer.0)
            }
            (Operation::Diagnose, Input::Verdicts { signature_matches, answer }) => {
                self.diagnose(ask, *signature_matches, answer)
            }
            (Operation::Decide, Input::Notification { notification, order }) => {
                self.decide(ask, notification, order.as_ref())
            }
            (Operation::ParseRefundResults, Input::RefundResults(details)) => {
                self.parse_refund_results(ask, details)
            }
            (Operation::Encrypt, Input::Plaintext(plaintext)) => self.encrypt(ask, &plaintext.0),
            (Operation::Decrypt, Input::Ciphertext(ciphertext)) => self.decrypt(ask, ciphertext),
            (Operation::CertificateSn, Input::Certificate(certificate)) => {
                self.certificate_sn(ask, certificate)
            }
            (Operation::RootCertificateSn, Input::Certificate(certificates)) => {
                self.root_certificate_sn(ask, certificates)
            }
            (Operation::VerifyCertificate, Input::Chain { certificate, roots, now }) => {
                self.verify_certificate(ask, certificate, roots, now)
            }
            _ => Answer::NotOffered,
        }
    }
}

/// Who is under test.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// The library's name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// The language it is written in.
    pub language: String,
    /// Where it comes from.
    pub source: String,
    /// The adapter that puts it under test, where there is one.
    pub adapter: String,
}
