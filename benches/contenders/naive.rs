//! Signing and verifying the way they are usually written.

use std::collections::BTreeMap;

use md5::{Digest as _, Md5};
use serde_json::value::RawValue;

pub(crate) fn sign(params: &[(String, String)], key: &str) -> String {
    let sorted: BTreeMap<&str, &str> = params
        .iter()
        .filter(|(name, value)| !value.is_empty() && name != "sign" && name != "sign_type")
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let pairs: Vec<String> = sorted.iter().map(|(name, value)| format!("{name}={value}")).collect();
    digest(format!("{}{key}", pairs.join("&")).as_bytes())
}

/// UTF-8 only: any other charset is replaced on the way.
pub(crate) fn verify(body: &[u8], key: &str) -> bool {
    let params: BTreeMap<String, String> = serde_urlencoded::from_bytes(body).unwrap();
    let pairs: Vec<String> = params
        .iter()
        .filter(|(name, value)| !value.is_empty() && *name != "sign" && *name != "sign_type")
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    digest(format!("{}{key}", pairs.join("&")).as_bytes()) == params["sign"]
}

/// The members of a reply, each as it stands: `serde_json`'s way to the bytes that are signed.
pub(crate) fn members(body: &[u8]) -> BTreeMap<String, &RawValue> {
    serde_json::from_slice(body).unwrap()
}

fn digest(bytes: &[u8]) -> String {
    Md5::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
