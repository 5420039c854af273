//! The law that RSA backends agree.

use crate::law::violation::{Law, Outcome, Side, Stop, check};
use crate::signature::{self, Backend, SignType, SigningKey};

/// [`Law::RsaBackendsAgree`]: each backend signs the message, and each verifies `received` over it and the signature
/// that was made.
///
/// # Errors
/// The [`Violation`](crate::law::Violation), with both signatures or verdicts.
pub fn rsa_backends_agree(
    sign_type: SignType,
    key: &SigningKey,
    message: &[u8],
    received: &[u8],
) -> Outcome {
    const LAW: Law = Law::RsaBackendsAgree;
    check(|| {
        let of = |backend: &Backend| format!("{backend:?}");
        let mut signatures = Backend::ALL.iter().filter_map(|backend| {
            let signature = signature::sign_with(*backend, sign_type, key, message)?;
            Some(Side::new(of(backend), signature.as_str()))
        });
        let Some(first) = signatures.next() else {
            return Err(Stop::not_applicable("neither the sign type nor the key is for RSA"));
        };
        signatures.try_for_each(|other| LAW.same(first.clone(), other))?;

        let public = key.verifying_key();
        for text in [first.value.as_slice(), received] {
            let mut verdicts = Backend::ALL.iter().filter_map(|backend| {
                let verdict = signature::verify_with(*backend, sign_type, &public, message, text)?;
                Some(Side::new(of(backend), format!("{verdict:?}")))
            });
            let expected = match text == first.value {
                true => Some(Side::new("the law", format!("{:?}", Ok::<(), ()>(())))),
                false => verdicts.next(),
            };
            if let Some(expected) = expected {
                verdicts.try_for_each(|other| LAW.same(expected.clone(), other))?;
            }
        }
        Ok(())
    })
}
