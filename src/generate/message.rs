//! Messages of recipes: signed by the reference, changed on the way, written in one of several spellings.

use crate::form;
use crate::generate::recipe::{Change, Recipe, Spelling};
use crate::law::{Setting, SignedMessage};
use crate::params::Params;
use crate::vector::load::VectorSet;

/// The bytes of a message and, where it was changed, of the genuine one.
pub(super) struct Message {
    pub(super) body: Vec<u8>,
    pub(super) genuine: Option<Vec<u8>>,
}

impl Message {
    /// The message that a recipe describes, or why there is none.
    pub(super) fn of(recipe: &Recipe, embedded: &VectorSet) -> Result<Self, &'static str> {
        if let Some(body) = &recipe.body {
            return Ok(Self { body: body.clone(), genuine: None });
        }
        let setting = &*recipe.setting;
        let params = encoded(recipe)?;
        let message =
            SignedMessage::new(setting, &params).ok_or("parameters that are not signed")?;
        let changed = match &recipe.change {
            Change::None => None,
            Change::Edit(edit) => Some(edit.apply(setting, &message)?),
            Change::OtherKey => {
                let key = embedded.keys().get(other_key(setting)).cloned();
                let setting = Setting { key: key.ok_or("no other key")?, ..setting.clone() };
                SignedMessage::new(&setting, &params).map(|message| message.params)
            }
            Change::NoSignature => {
                let sign = setting.protocol.signature.as_bytes();
                Some(message.params.iter().filter(|(name, _)| *name != sign).collect())
            }
            Change::EmptySignature => {
                let sign = setting.protocol.signature.as_bytes();
                let empty = |(name, value)| (name, if name == sign { &b""[..] } else { value });
                Some(message.params.iter().map(empty).collect())
            }
        };
        let genuine = spelled(&message.params, recipe.spelling);
        Ok(match changed {
            None => Self { body: genuine, genuine: None },
            Some(changed) => {
                Self { body: spelled(&changed, recipe.spelling), genuine: Some(genuine) }
            }
        })
    }
}

/// The recipe's parameters in the charset of its setting.
pub(super) fn encoded(recipe: &Recipe) -> Result<Params, &'static str> {
    let params = recipe.complete();
    let pairs = params.iter().map(|(name, value)| (name, value));
    Params::encode(pairs, recipe.setting.charset).map_err(|_| "text without bytes in the charset")
}

/// A key that fits the sign type and is not the configured one.
fn other_key(setting: &Setting) -> &'static str {
    match Setting::key_name(setting.sign_type) {
        "md5-a" => "md5-b",
        "rsa-1024" => "rsa-2048",
        _ => "rsa-1024",
    }
}

fn spelled(params: &Params, spelling: Spelling) -> Vec<u8> {
    let usual = || form::encode(params).into_bytes();
    match spelling {
        Spelling::Usual => usual(),
        Spelling::SmallDigits => {
            let mut body = usual();
            let mut after = 0;
            for byte in &mut body {
                if after > 0 {
                    byte.make_ascii_lowercase();
                }
                after = if *byte == b'%' { 2_u8 } else { after.saturating_sub(1) };
            }
            body
        }
        Spelling::NoPlus => usual()
            .into_iter()
            .flat_map(|byte| match byte {
                b'+' => b"%20".to_vec(),
                other => vec![other],
            })
            .collect(),
        Spelling::AllEscaped => {
            let escaped = |bytes: &[u8]| -> String {
                bytes.iter().map(|byte| format!("%{byte:02X}")).collect()
            };
            let pair = |(name, value)| format!("{}={}", escaped(name), escaped(value));
            params.iter().map(pair).collect::<Vec<_>>().join("&").into_bytes()
        }
        Spelling::EmptySegments => [&b"&"[..], &usual(), b"&&"].concat(),
    }
}
