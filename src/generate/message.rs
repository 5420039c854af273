//! Messages of recipes: signed by the reference, changed on the way, written in one of several spellings.

use crate::generate::recipe::{Change, Recipe, Spelling};
use crate::law::SignedMessage;
use crate::law::setting::written;
use crate::params::Params;
use crate::protocol::Wire;

/// The bytes of a message and, where it was changed, of the genuine one.
pub(super) struct Message {
    pub(super) body: Vec<u8>,
    pub(super) genuine: Option<Vec<u8>>,
}

impl Message {
    /// The message that a recipe describes, or why there is none.
    pub(super) fn of(recipe: &Recipe) -> Result<Self, &'static str> {
        if let Some(body) = &recipe.body {
            return Ok(Self { body: body.clone(), genuine: None });
        }
        let setup = &*recipe.setup;
        let own = setup.setting(&setup.key).ok_or("no parameters")?;
        let params = encoded(recipe)?;
        let message = SignedMessage::new(&own, &params).ok_or("parameters that are not signed")?;
        let sign = own.protocol.signature.as_bytes();
        let changed = match &recipe.change {
            Change::None | Change::Stale => None,
            Change::Edit(edit) => Some(edit.apply(&own, &message)?),
            Change::OtherKey => {
                let other = setup.setting(&setup.other).ok_or("no parameters")?;
                SignedMessage::new(&other, &params).map(|message| message.params)
            }
            Change::NoSignature => {
                Some(message.params.iter().filter(|(name, _)| *name != sign).collect())
            }
            Change::EmptySignature => {
                let empty = |(name, value)| (name, if name == sign { &b""[..] } else { value });
                Some(message.params.iter().map(empty).collect())
            }
        };
        let spelled = |params: &Params| spelled(own.protocol.wire, params, recipe.spelling);
        let genuine = spelled(&message.params)?;
        Ok(match changed {
            None => Self { body: genuine, genuine: None },
            Some(changed) => Self { body: spelled(&changed)?, genuine: Some(genuine) },
        })
    }
}

/// The recipe's parameters in the charset of its setup.
pub(super) fn encoded(recipe: &Recipe) -> Result<Params, &'static str> {
    let params = recipe.complete();
    let pairs = params.iter().map(|(name, value)| (name, value));
    Params::encode(pairs, recipe.setup.charset).map_err(|_| "text without bytes in the charset")
}

fn spelled(wire: Wire, params: &Params, spelling: Spelling) -> Result<Vec<u8>, &'static str> {
    let usual = written(wire, params).ok_or("what the wire cannot carry")?;
    Ok(match wire {
        _ if spelling == Spelling::Usual => usual,
        Wire::Form => spelled_form(params, usual, spelling),
        Wire::Xml => spelled_xml(params, spelling).ok_or("what the wire cannot carry")?,
    })
}

fn spelled_form(params: &Params, usual: Vec<u8>, spelling: Spelling) -> Vec<u8> {
    match spelling {
        Spelling::Usual => usual,
        Spelling::SmallDigits => {
            let mut body = usual;
            let mut after = 0;
            for byte in &mut body {
                if after > 0 {
                    byte.make_ascii_lowercase();
                }
                after = if *byte == b'%' { 2_u8 } else { after.saturating_sub(1) };
            }
            body
        }
        Spelling::NoPlus => usual
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
        Spelling::EmptySegments => [&b"&"[..], &usual, b"&&"].concat(),
    }
}

/// Other ways to write the same fields: all of them are XML of which every reader makes the same.
fn spelled_xml(params: &Params, spelling: Spelling) -> Option<Vec<u8>> {
    let (prolog, gap) = match spelling {
        Spelling::EmptySegments => {
            ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- a -->", "\n  ")
        }
        _ => ("", ""),
    };
    let mut text = format!("{prolog}<xml>");
    for (name, value) in params.iter() {
        let (name, value) = (std::str::from_utf8(name).ok()?, std::str::from_utf8(value).ok()?);
        let value = match spelling {
            Spelling::AllEscaped => {
                value.chars().map(|one| format!("&#x{:x};", u32::from(one))).collect()
            }
            Spelling::NoPlus => {
                let half = value.char_indices().nth(value.chars().count() / 2);
                let (first, rest) = value.split_at(half.map_or(0, |(offset, _)| offset));
                format!("{}<![CDATA[{}]]>", referred(first), cdata(rest)?)
            }
            _ => referred(value),
        };
        text.push_str(&format!("{gap}<{name}>{value}</{name}>"));
    }
    let end = if gap.is_empty() { "" } else { "\n" };
    text.push_str(&format!("{end}</xml>{end}"));
    Some(text.into_bytes())
}

/// What stands in CDATA as it is.
fn cdata(value: &str) -> Option<&str> {
    (!value.contains("]]>") && !value.contains('\r')).then_some(value)
}

fn referred(value: &str) -> String {
    let mut text = String::new();
    for character in value.chars() {
        match character {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '\r' => text.push_str("&#13;"),
            other => text.push(other),
        }
    }
    text
}
