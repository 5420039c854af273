//! Decryption of a reply of four thousand bytes, beside AES alone.

use std::hint::black_box;

use aes::Aes128;
use alipay_conformance::content::ContentKey;
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
