//! What can be asked of an implementation.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The operations of the suite. Their names are those of the vectors and of the adapter protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Operation {
    /// Filter, sort and join parameters.
    StringToSign,
    /// Sign parameters.
    Sign,
    /// Build the signed URL of a request.
    BuildRequest,
    /// Build the page that posts a signed request by itself.
    BuildForm,
    /// Build the signed text that a merchant's app hands to the wallet.
    BuildOrderString,
    /// Build the XML of a signed request.
    BuildXml,
    /// Build the signed parameters with which a page or app calls up the wallet.
    BuildClientParams,
    /// Sign an HTTP message whose signature travels in a header.
    SignRequest,
    /// Check a request's parameters against its service's table.
    CheckRequest,
    /// Decode a body.
    Decode,
    /// Verify the body of a notify.
    VerifyNotify,
    /// Verify the query of a return.
    VerifyReturn,
    /// Verify what the gateway replies to a request.
    VerifyResponse,
    /// Build the URL of the notify_id check.
    NotifyIdUrl,
    /// Judge the gateway's answer to the notify_id check.
    NotifyIdAnswer,
    /// Tell the cause from the two verdicts on one message.
    Diagnose,
    /// Decide what to do about a verified notification.
    Decide,
    /// Build the reply to a notification.
    BuildReply,
    /// Read the `result_details` of a refund notification.
    ParseRefundResults,
    /// Encrypt content before it is signed.
    Encrypt,
    /// Decrypt content after it is verified.
    Decrypt,
    /// The serial number of a certificate as requests name it.
    CertificateSn,
    /// The serial number of a bundle of root certificates as requests name it.
    RootCertificateSn,
    /// Verify a certificate against roots.
    VerifyCertificate,
}

impl Operation {
    /// All operations.
    pub const ALL: [Self; 24] = [
        Self::StringToSign,
        Self::Sign,
        Self::BuildRequest,
        Self::BuildForm,
        Self::BuildOrderString,
        Self::BuildXml,
        Self::BuildClientParams,
        Self::SignRequest,
        Self::CheckRequest,
        Self::Decode,
        Self::VerifyNotify,
        Self::VerifyReturn,
        Self::VerifyResponse,
        Self::NotifyIdUrl,
        Self::NotifyIdAnswer,
        Self::Diagnose,
        Self::Decide,
        Self::BuildReply,
        Self::ParseRefundResults,
        Self::Encrypt,
        Self::Decrypt,
        Self::CertificateSn,
        Self::RootCertificateSn,
        Self::VerifyCertificate,
    ];

    /// The name in vectors, adapter messages and reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::StringToSign => "string_to_sign",
            Self::Sign => "sign",
            Self::BuildRequest => "build_request",
            Self::BuildForm => "build_form",
            Self::BuildOrderString => "build_order_string",
            Self::BuildXml => "build_xml",
            Self::BuildClientParams => "build_client_params",
            Self::SignRequest => "sign_request",
            Self::CheckRequest => "check_request",
            Self::Decode => "decode",
            Self::VerifyNotify => "verify_notify",
            Self::VerifyReturn => "verify_return",
            Self::VerifyResponse => "verify_response",
            Self::NotifyIdUrl => "notify_id_url",
            Self::NotifyIdAnswer => "notify_id_answer",
            Self::Diagnose => "diagnose",
            Self::Decide => "decide",
            Self::BuildReply => "build_reply",
            Self::ParseRefundResults => "parse_refund_results",
            Self::Encrypt => "encrypt",
            Self::Decrypt => "decrypt",
            Self::CertificateSn => "certificate_sn",
            Self::RootCertificateSn => "root_certificate_sn",
            Self::VerifyCertificate => "verify_certificate",
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
