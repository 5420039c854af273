//! Wrong ways to read the XML of a notify.

use crate::form;
use crate::protocol::mobile::MOBILE_V1;
use crate::protocol::wap::WAP;
use crate::protocol::{MAPI, Protocol, WECHATPAY_V2};
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::case::Ask;
use crate::vector::input::{Input, TextPairs};
use crate::vector::operation::Operation;
use crate::vector::reason::Reason;
use crate::xml;

/// The XML on which is to be decided.
fn data(ask: &Ask) -> Option<&str> {
    let (Input::Notification { notification, .. }, true) = (&ask.input, has_xml(ask)) else {
        return None;
    };
    let found = notification.iter().find(|(name, _)| name == "notify_data");
    found.map(|(_, data)| data.as_str())
}

fn has_xml(ask: &Ask) -> bool {
    [WAP, MOBILE_V1].iter().any(|protocol: &Protocol| protocol.id == ask.protocol)
}

fn with_notification(ask: &Ask, fields: TextPairs) -> Ask {
    let mut ask = ask.clone();
    if let Input::Notification { notification, .. } = &mut ask.input {
        *notification = fields;
    }
    ask
}

/// Takes the text between the first tag of a name and the next end of it.
pub(super) fn searched(inner: &dyn Implementation, ask: &Ask) -> Answer {
    let Some(data) = data(ask) else { return inner.perform(ask) };
    let field = |name: &str| {
        let (_, after) = data.split_once(&format!("<{name}>"))?;
        let (text, _) = after.split_once(&format!("</{name}>"))?;
        Some((name.to_owned(), text.to_owned()))
    };
    const NAMES: [&str; 6] =
        ["out_trade_no", "total_fee", "seller_id", "seller_email", "trade_status", "refund_status"];
    let fields = NAMES.into_iter().filter_map(field).collect();
    // Decided as on the legacy gateway, where the fields come without XML.
    inner.perform(&Ask { protocol: MAPI.id.into(), ..with_notification(ask, fields) })
}

/// What stands before the document type, the document type, and what follows it.
pub(super) fn document_type(data: &str) -> Option<(&str, &str, &str)> {
    let (before, after) = data.split_once("<!DOCTYPE ")?;
    let end = match after.find('[') {
        Some(bracket) if after.find('>').is_some_and(|end| bracket < end) => after.find("]>")? + 2,
        _ => after.find('>')? + 1,
    };
    let (declared, after) = after.split_at(end);
    Some((before, declared, after))
}

/// The XML that is read: on which is to be decided, or that came from WeChat Pay.
fn as_text(ask: &Ask) -> Option<&str> {
    match &ask.input {
        Input::Message(body) | Input::Response { body, .. } if ask.protocol == WECHATPAY_V2.id => {
            std::str::from_utf8(&body.0).ok()
        }
        _ => data(ask),
    }
}

fn with_text(ask: &Ask, text: String) -> Ask {
    let mut ask = ask.clone();
    match &mut ask.input {
        Input::Message(body) | Input::Response { body, .. } => body.0 = text.into(),
        Input::Notification { notification, .. } => {
            *notification = vec![("notify_data".into(), text)];
        }
        _ => {}
    }
    ask
}

/// The entities that a document type declares: each name, and its text unless that stands elsewhere.
fn entities(document_type: &str) -> Vec<(&str, Option<&str>)> {
    let declarations = document_type.split("<!ENTITY ").skip(1);
    declarations
        .filter_map(|declaration| {
            let (name, rest) = declaration.split_once(' ')?;
            let text = rest.strip_prefix('"').and_then(|text| text.split_once('"'));
            Some((name, text.map(|(text, _)| text)))
        })
        .collect()
}

/// Where a parser that expands gives up.
const MAX_EXPANDED: usize = 1 << 16;

/// Asks with every reference replaced by what `resolve` makes of its entity, if it accepts all of them.
fn resolved(
    inner: &dyn Implementation,
    ask: &Ask,
    resolve: impl Fn(Option<&str>) -> Option<String>,
) -> Answer {
    let read = |data: &str| {
        let (before, declared, body) = document_type(data)?;
        let mut body = before.to_owned() + body;
        // The last one first, as it may be made of those before.
        for (name, text) in entities(declared).into_iter().rev() {
            body = body.replace(&format!("&{name};"), &resolve(text)?);
            if body.len() > MAX_EXPANDED {
                break;
            }
        }
        Some(body)
    };
    match as_text(ask).and_then(read) {
        Some(body) if body.len() > MAX_EXPANDED => {
            Answer::reject(Reason::LimitExceeded, "entities beyond all bounds")
        }
        Some(body) => inner.perform(&with_text(ask, body)),
        None => inner.perform(ask),
    }
}

pub(super) fn external_resolved(inner: &dyn Implementation, ask: &Ask) -> Answer {
    resolved(inner, ask, |text| text.is_none().then(|| "what stands elsewhere".into()))
}

pub(super) fn entities_expanded(inner: &dyn Implementation, ask: &Ask) -> Answer {
    resolved(inner, ask, |text| text.map(ToOwned::to_owned))
}

/// Refuses what is no XML before verifying it.
pub(super) fn parsed_first(inner: &dyn Implementation, ask: &Ask) -> Answer {
    if let Input::Message(body) = &ask.input
        && ask.operation == Operation::VerifyNotify
        && has_xml(ask)
        && let Ok(params) = form::decode(&body.0)
        && let Some(data) = params.get(b"notify_data")
        && let Ok(text) = ask.charset.decode(data)
        && text.starts_with('<')
        && let Err(error) = xml::fields("notify", &text)
    {
        return Answer::reject(Reason::MalformedInput, error);
    }
    inner.perform(ask)
}
