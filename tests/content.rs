//! What no vector shows of encrypted content: redaction, what errors say, and every padding there is.

#![allow(clippy::unwrap_used)]

use alipay_conformance::content::{ContentError, ContentKey, RefundKey};
use alipay_conformance::signature::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;

const KEY: &str = "aa4BtZ4tspm2wnXLb1ThQA==";

fn key() -> ContentKey {
    ContentKey::from_base64(KEY).unwrap()
}

fn refund_key() -> RefundKey {
    RefundKey::new(&Secret::new("192006250b4c09247ec02edce69f6a2d").unwrap())
}

/// Whole blocks without padding: what is encrypted gets a block of it, which is cut off.
fn unpadded(blocks: &[u8]) -> String {
    let bytes = STANDARD.decode(key().encrypt(blocks)).unwrap();
    STANDARD.encode(bytes.get(..blocks.len()).unwrap())
}

#[test]
fn nothing_shows_the_key_or_the_content() {
    assert_eq!(
        format!("{:?} {:#?}", key(), key().clone()),
        "ContentKey(redacted) ContentKey(redacted)"
    );
    assert_eq!(
        format!("{:?} {:#?}", refund_key(), refund_key().clone()),
        "RefundKey(redacted) RefundKey(redacted)"
    );
    for (key, error) in [
        ("c2VjcmV0", "the key has 16 bytes, but 6 came"),
        ("c2VjcmV*", "the key is base64, but what came breaks at byte 7"),
        ("", "the key has 16 bytes, but 0 came"),
        ("c2VjcmV0IGtleSBvZiB0aGlydHktdHdvIGJ5dGVzIQ==", "the key has 16 bytes, but 31 came"),
    ] {
        assert_eq!(ContentKey::from_base64(key).unwrap_err().to_string(), error);
    }
    for (ciphertext, error) in [
        ("", "encrypted content is one or more blocks of 16 bytes, but 0 bytes came"),
        ("c2VjcmV0", "encrypted content is one or more blocks of 16 bytes, but 6 bytes came"),
        (
            "ILpo\nMow",
            "encrypted content is padded base64 on one line, but what came breaks at byte 4 of 8",
        ),
    ] {
        assert_eq!(key().decrypt(ciphertext).unwrap_err().to_string(), error);
        assert_eq!(refund_key().decrypt(ciphertext).unwrap_err().to_string(), error);
    }
}

#[test]
fn a_refund_is_whole_blocks() {
    for length in 0..50_usize {
        let content = vec![b'x'; length];
        let mut bytes = STANDARD.decode(refund_key().encrypt(&content)).unwrap();
        assert_eq!(bytes.len(), (length / 16 + 1) * 16);
        assert_eq!(refund_key().decrypt(&STANDARD.encode(&bytes)), Ok(content));
        // A byte more is no block, though the blocks before it are right.
        bytes.push(0);
        let error = ContentError::Length { length: bytes.len() };
        assert_eq!(refund_key().decrypt(&STANDARD.encode(&bytes)), Err(error));
    }
}

/// Every last byte, with as many equal ones before it as it says, one too few, and all over the block.
#[test]
fn exactly_the_paddings_of_the_rule_are_taken() {
    for length in 0..=u8::MAX {
        let wanted = usize::from(length);
        for equal in [1, wanted.saturating_sub(1), wanted, 16, 31] {
            let equal = equal.clamp(1, 32);
            let mut content = vec![0xEE; 32];
            content.get_mut(32 - equal..).unwrap().fill(length);
            let is_padding = (1..=16).contains(&wanted) && equal >= wanted;
            let expected = if is_padding {
                Ok(content.get(..32 - wanted).unwrap().to_vec())
            } else {
                Err(ContentError::Padding)
            };
            assert_eq!(key().decrypt(&unpadded(&content)), expected, "{equal} times {length}");
        }
    }
}

proptest! {
    #[test]
    fn what_is_encrypted_is_decrypted(content in prop::collection::vec(any::<u8>(), 0..200)) {
        let ciphertext = key().encrypt(&content);
        let bytes = STANDARD.decode(&ciphertext).unwrap();
        prop_assert_eq!(bytes.len(), (content.len() / 16 + 1) * 16);
        prop_assert_eq!(key().decrypt(&ciphertext), Ok(content));
    }

    #[test]
    fn any_text_gets_an_answer(text in "\\PC*") {
        let _ = key().decrypt(&text);
        let _ = ContentKey::from_base64(&text);
    }
}
