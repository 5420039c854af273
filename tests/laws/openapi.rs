//! The laws on the open platform, whose messages are of RSA and whose requests sign what its callbacks do not.

use alipay_conformance::charset::Charset;
use alipay_conformance::law::{self, Setting, strategies};
use alipay_conformance::protocol::{OPENAPI_CHECK_V2, OPENAPI_V2, Protocol};
use alipay_conformance::signature::SignType;
use proptest::prelude::*;

use super::{holds, reference};

fn setting(protocol: Protocol) -> impl Strategy<Value = Setting> {
    let of = |sign_type| strategies::setting(sign_type);
    prop_oneof![of(SignType::Rsa), of(SignType::Rsa2)]
        .prop_map(move |setting| Setting { protocol, ..setting })
}

fn params(protocol: Protocol) -> impl Strategy<Value = (Setting, Vec<(String, String)>)> {
    setting(protocol).prop_flat_map(|setting| {
        let params = strategies::hostile_params(setting.charset);
        (Just(setting), params)
    })
}

#[test]
fn parameters() {
    for protocol in [OPENAPI_V2, OPENAPI_CHECK_V2] {
        holds(12, (params(protocol), any::<u64>()), |((setting, params), seed)| {
            law::order_does_not_matter(&reference(), &setting, &params, seed)
        });
        let name = strategies::name(Charset::Gbk, true);
        holds(12, (params(protocol), name), |((setting, params), name)| {
            law::empty_values_do_not_matter(&reference(), &setting, &params, &name)
        });
        holds(64, params(protocol), |(setting, params)| {
            law::string_to_sign_agrees_with_the_naive_model(&reference(), &setting, &params)
        });
    }
}

/// `sign_type` stands behind what is signed: V1 leaves it out of the string, and so it must not have been in it.
#[test]
fn a_signature_is_of_the_callbacks_of_v1() {
    holds(12, params(OPENAPI_V2), |(setting, params)| {
        law::own_signature_is_accepted(&reference(), &setting, &params)
    });
}

/// Requests and V2 follow one rule.
#[test]
fn a_request_is_a_callback_of_v2() {
    holds(12, params(OPENAPI_CHECK_V2), |(setting, params)| {
        law::built_request_is_accepted(&reference(), &setting, &params)
    });
}

#[test]
fn messages() {
    for protocol in [OPENAPI_V2, OPENAPI_CHECK_V2] {
        let edited = (setting(protocol), strategies::byte_params(), strategies::edit());
        holds(24, edited, |(setting, params, edit)| {
            law::edit_is_refused(&reference(), &setting, &params, &edit)
        });
        let message = setting(protocol).prop_flat_map(|setting| {
            let message = strategies::message(setting.clone());
            (Just(setting), message)
        });
        holds(24, message, |(setting, message)| {
            let body = message.body();
            law::verdict_agrees_with_the_naive_model(&reference(), &setting, &body)?;
            law::notify_and_return_agree(&reference(), &setting, &body)
        });
    }
}
