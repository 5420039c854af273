//! Any bytes as a key, of every kind.

use alipay_conformance::signature::{
    KeyError, PrivateKey, PublicKey, Secret, SignType, SigningKey, sign, verify,
};

/// Reads a key of each kind, and uses what was read.
pub fn run(input: &[u8]) {
    let secret = Secret::from_file_text(input);
    if let Err(KeyError::Whitespace { offset }) = secret {
        assert!(input[offset].is_ascii_whitespace());
    }
    if let Ok(secret) = secret {
        assert!(input.starts_with(secret.expose()) && input.len() - secret.expose().len() <= 2);
    }
    let public = PublicKey::parse(input);
    let private = PrivateKey::parse(input);
    for error in [public.as_ref().err(), private.as_ref().err()].into_iter().flatten() {
        match error {
            KeyError::Base64 { offset } | KeyError::PemEnd { offset } => {
                assert!(*offset <= input.len(), "{error}");
            }
            _ => {}
        }
        assert!(!error.to_string().is_empty());
    }
    assert!(public.is_err() || private.is_err(), "one text is both halves");
    if let Ok(key) = public {
        assert!((512..=8192).contains(&key.bits()));
        let refused = verify(SignType::Rsa2, &key.into(), b"message", b"AAAA");
        assert!(refused.is_err());
    }
    if let Ok(key) = private {
        assert!((512..=8192).contains(&key.bits()));
        let key = SigningKey::from(key);
        // Large keys take long, and the numbers need not be those of a working key.
        if input.len() < 2048
            && let Ok(signature) = sign(SignType::Rsa2, &key, b"message")
        {
            let text = signature.as_str().as_bytes();
            assert_eq!(verify(SignType::Rsa2, &key.verifying_key(), b"message", text), Ok(()));
        }
    }
}
