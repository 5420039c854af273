//! Decryption of four thousand bytes, a reply or a resource, beside the cipher alone.

use std::hint::black_box;

use aes::Aes128;
use aes_gcm::aead::{AeadInPlace as _, KeyInit as _};
use aes_gcm::{Aes256Gcm, Nonce, Tag};
use alipay_conformance::content::{ApiV3Key, ContentKey};
use alipay_conformance::protocol::wechatpay::resource::open;
use cbc::cipher::block_padding::NoPadding;
use cbc::cipher::{BlockDecryptMut as _, KeyIvInit as _};

use super::{Group, contender, primitive};

const KEY: &str = "aa4BtZ4tspm2wnXLb1ThQA==";

pub(crate) fn decrypt() -> Group {
    let key = ContentKey::from_base64(KEY).unwrap();
    let ciphertext = key.encrypt(&[b'x'; 4000]);
    let blocks = primitive::base64(&ciphertext);
    let decryptor =
        cbc::Decryptor::<Aes128>::new_from_slices(&primitive::base64(KEY), &[0; 16]).unwrap();
    let mut buffer = blocks.clone();
    assert_eq!(key.decrypt(&ciphertext).unwrap(), [b'x'; 4000]);
    Group {
        name: "content/decrypt".into(),
        contenders: vec![
            contender("limit", move || {
                buffer.copy_from_slice(black_box(&blocks));
                decryptor.clone().decrypt_padded_mut::<NoPadding>(&mut buffer).unwrap().len()
            }),
            contender("here", move || key.decrypt(black_box(&ciphertext)).unwrap()),
        ],
    }
}

/// Of WeChat Pay's version 3: from a notification's body to its content.
pub(crate) fn open_resource() -> Group {
    const KEY: &str = "0123456789abcdef0123456789abcdef";
    const NONCE: &str = "fdasflkja484";
    let content = format!("{{\"attach\":\"{}\"}}", "x".repeat(3987));
    let sealed = ApiV3Key::new(KEY).unwrap().seal(content.as_bytes(), NONCE, "transaction");
    let sealed = sealed.unwrap();
    let body = format!(
        r#"{{"id":"EV-1","event_type":"TRANSACTION.SUCCESS","resource":{{"algorithm":"AEAD_AES_256_GCM",
        "ciphertext":"{sealed}","associated_data":"transaction","nonce":"{NONCE}"}}}}"#
    );
    let blocks = primitive::base64(&sealed);
    let (blocks, tag) = blocks.split_at(content.len());
    let (blocks, tag) = (blocks.to_vec(), *Tag::from_slice(tag));
    let cipher = Aes256Gcm::new_from_slice(KEY.as_bytes()).unwrap();
    let mut buffer = blocks.clone();
    assert_eq!(open(body.as_bytes(), KEY.as_bytes()).unwrap(), content);
    Group {
        name: "content/open resource".into(),
        contenders: vec![
            contender("limit", move || {
                buffer.copy_from_slice(black_box(&blocks));
                let nonce = Nonce::from_slice(NONCE.as_bytes());
                cipher.decrypt_in_place_detached(nonce, b"transaction", &mut buffer, &tag).unwrap();
            }),
            contender("here", move || open(black_box(&body).as_bytes(), KEY.as_bytes()).unwrap()),
        ],
    }
}
