//! Replies of recipes: JSON whose signature stands beside the node that is signed.

use serde_json::Value;

use crate::generate::contested;
use crate::generate::family::frame::{Frame, Place};
use crate::generate::http::Made;
use crate::generate::recipe::{Change, Recipe};
use crate::law::{Edit, Setting, is_another_signature};
use crate::signature;
use crate::vector::bytes::Bytes;
use crate::vector::input::Input;

/// The member that is signed in the reply to `alipay.trade.query`.
const NODE: &str = "alipay_trade_query_response";

impl Made {
    /// The reply that a recipe describes, or why there is none.
    pub(super) fn of_reply(recipe: &Recipe, frame: &Frame) -> Result<Self, &'static str> {
        let setup = &*recipe.setup;
        let node = frame.one(Place::Body, &recipe.params);
        if let Some(why) = contested::text(setup.charset, node) {
            return Err(why);
        }
        let node = setup.charset.encode(node).map_err(|_| "text without bytes in the charset")?;
        let own = setup.setting(&setup.key).ok_or("no key")?;
        let sign = signed(&own, &node)?;
        let genuine = Input::Response { node: Some(NODE.into()), body: body(&node, Some(&sign)) };
        let changed = match &recipe.change {
            Change::None | Change::Stale => return Ok(Self { input: genuine, genuine: None }),
            Change::OtherKey => {
                let other = setup.setting(&setup.other).ok_or("no key")?;
                body(&node, Some(&signed(&other, &node)?))
            }
            // Whether a failure must be signed is contested.
            Change::NoSignature | Change::EmptySignature if !recipe.params.is_empty() => {
                return Err("a reply that need not be a success");
            }
            Change::NoSignature => body(&node, None),
            Change::EmptySignature => body(&node, Some("")),
            Change::Edit(edit) => edited(&own, edit, &node, &sign)?,
        };
        let input = Input::Response { node: Some(NODE.into()), body: changed };
        Ok(Self { input, genuine: Some(genuine) })
    }
}

/// A reply without its signature.
pub(super) fn unsigned() -> Input {
    Input::Response { node: Some(NODE.into()), body: body(b"{}", None) }
}

fn signed(setting: &Setting, node: &[u8]) -> Result<String, &'static str> {
    let key = setting.signing_key().ok_or("no key")?;
    let signature = signature::sign(setting.sign_type, &key, node);
    signature.map(|signature| signature.as_str().to_owned()).map_err(|_| "no key")
}

fn body(node: &[u8], sign: Option<&str>) -> Bytes {
    let sign = sign.map_or(String::new(), |sign| format!(",\"sign\":{}", Value::from(sign)));
    Bytes([format!("{{\"{NODE}\":").as_bytes(), node, sign.as_bytes(), b"}"].concat())
}

fn edited(setting: &Setting, edit: &Edit, node: &[u8], sign: &str) -> Result<Bytes, &'static str> {
    let mut node = node.to_vec();
    match edit {
        Edit::Change { offset, bits, .. } => Edit::change(&mut node, *offset, *bits)?,
        Edit::ChangeSignature { offset, bits } => {
            let mut text = sign.as_bytes().to_vec();
            Edit::change(&mut text, *offset, *bits)?;
            if !is_another_signature(setting.sign_type, sign.as_bytes(), &text) {
                return Err("the same signature, or none, in another text");
            }
            let text = String::from_utf8(text).map_err(|_| "a signature that is no text")?;
            return Ok(body(&node, Some(&text)));
        }
        Edit::Remove { .. } if node != b"{}" => node = b"{}".to_vec(),
        _ => return Err("an edit that changes nothing"),
    }
    // A slash that is escaped or is not is contested, and what is no object has no node.
    let is_object = serde_json::from_slice::<Value>(&node).is_ok_and(|value| value.is_object());
    if is_object && !node.contains(&b'/') {
        Ok(body(&node, Some(sign)))
    } else {
        Err("a reply that is no JSON any more")
    }
}
