//! Requests against their tables, decisions, refunds.

use super::refused::Refused;
use crate::notification::{Checks, Facts, Order, Product};
use crate::params::Params;
use crate::protocol::OPENAPI_V2;
use crate::protocol::mapi::{self, refund};
use crate::protocol::mobile::{self, MOBILE};
use crate::suite::answer::Answer;
use crate::vector::case::Ask;
use crate::vector::input::{OrderRecord, TextPairs};
use crate::vector::output::{Decision, Output, RefundFee, RefundItem};
use crate::vector::reason::Reason;

pub(super) fn check_request(ask: &Ask, params: &TextPairs) -> Result<Answer, Refused> {
    let pairs = params.iter().map(|(name, value)| (name, value));
    Params::encode(pairs, ask.charset)
        .map_err(|error| Refused::new(Reason::CharsetError, error))?;
    match ask.protocol == MOBILE.id {
        true => mobile::check_request(params)?,
        false => mapi::check_request(params)?,
    }
    Ok(Answer::accept(Output::default()))
}

pub(super) fn decide(
    checks: &Checks,
    ask: &Ask,
    notification: &TextPairs,
    order: Option<&OrderRecord>,
) -> Result<Answer, Refused> {
    let facts = match ask.protocol.starts_with(OPENAPI_V2.id) {
        true => Facts::from_open_pairs(notification),
        false => Facts::from_pairs(notification),
    };
    decided(checks, &facts, order, false)
}

/// Decides by facts that were read.
pub(super) fn decided(
    checks: &Checks,
    facts: &Facts<'_>,
    order: Option<&OrderRecord>,
    is_wechat: bool,
) -> Result<Answer, Refused> {
    let order = order.map(|order| read_order(order, is_wechat)).transpose()?;
    let decision = checks.decide(facts, order.as_ref());
    let decision = Decision {
        act: decision.act,
        answer_success: decision.answer_success,
        why: decision.why.as_str().into(),
    };
    Ok(Answer::value(Output { decision: Some(decision), ..Output::default() }))
}

fn read_order(record: &OrderRecord, is_wechat: bool) -> Result<Order, Refused> {
    let malformed = |field: &str, text: &str| {
        Refused::new(Reason::MalformedInput, format!("order: {field} {text:?}"))
    };
    let product = Product::ALL
        .into_iter()
        .find(|product| product.as_str() == record.product && product.is_wechat() == is_wechat)
        .ok_or_else(|| malformed("product", &record.product))?;
    let total_fee = product
        .amount(&record.total_fee)
        .ok_or_else(|| malformed("total_fee", &record.total_fee))?;
    let mut order = Order::new(&record.out_trade_no, total_fee, product);
    order.seller_id = record.seller_id.clone();
    order.seller_email = record.seller_email.clone();
    order.partner = record.partner.clone();
    order.app_id = record.app_id.clone();
    order.mch_id = record.mch_id.clone();
    order.out_refund_no = record.out_refund_no.clone();
    order.refund_status = record.refund_status.clone();
    if let Some(fee) = &record.refund_fee {
        order.refund_fee = Some(fee.parse().map_err(|_| malformed("refund_fee", fee))?);
    }
    if let Some(status) = &record.trade_status {
        order.trade_status = Some(status.parse().map_err(|_| malformed("trade_status", status))?);
    }
    Ok(order)
}

pub(super) fn refund_results(result_details: &str) -> Result<Answer, Refused> {
    let results = refund::parse_result_details(result_details)
        .map_err(|error| Refused::new(Reason::MalformedInput, error))?;
    let items = results.iter().map(|result| RefundItem {
        trade_no: result.trade_no.into(),
        amount: result.amount_text.into(),
        result: result.result.into(),
        fee: result.fee.map(|fee| RefundFee {
            account: fee.account.into(),
            user_id: fee.user_id.into(),
            amount: fee.amount_text.into(),
            result: fee.result.into(),
        }),
    });
    Ok(Answer::value(Output { items: Some(items.collect()), ..Output::default() }))
}
