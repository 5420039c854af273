//! From verified parameters to a decision: the typed notification and the business checks.
//!
//! A signature proves who sent a message and that nobody changed it. It does not prove that the message is about this
//! order, this amount and this seller, or that it is new: that is what [`decide`] is for.
//!
//! Alipay's messages are [`Notification`] and [`OpenNotification`], those of WeChat Pay [`WechatNotification`] and
//! [`WechatEvent`]. One decision serves them all.
//!
//! ```
//! use alipay_conformance::charset::Charset;
//! use alipay_conformance::form;
//! use alipay_conformance::notification::{Notification, Order, Product, Why, decide};
//!
//! // After the signature and the notify_id were verified:
//! let params = form::decode(b"out_trade_no=42&total_fee=0.10&trade_status=WAIT_SELLER_SEND_GOODS")?;
//! let notification = Notification::from_params(&params, Charset::Utf8)?;
//!
//! let mut order = Order::new("42", "0.1".parse()?, Product::Escrow);
//! let decision = decide(&notification, Some(&order));
//! assert_eq!((decision.act, decision.why), (true, Why::Paid));
//!
//! order.trade_status = Some("WAIT_SELLER_SEND_GOODS".parse()?);
//! let decision = decide(&notification, Some(&order));
//! assert_eq!((decision.act, decision.answer()), (false, &b"success"[..]));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod decision;
mod facts;
mod field;
mod message;
mod open;
mod product;
pub mod retry;
mod status;
mod wechat;
mod why;

pub use decision::{CHECKS, Check, Checks, decide};
pub use facts::{About, Facts, Order};
pub use field::{Field, UnknownYesNo, YesNo};
pub use message::{Notification, NotificationError, RefundNotification};
pub use open::OpenNotification;
pub use product::Product;
pub use status::{
    RefundState, RefundStatus, TradeStatus, UnknownRefundState, UnknownRefundStatus,
    UnknownTradeStatus,
};
pub use wechat::{
    RefundNotificationError, WechatAmount, WechatEvent, WechatNotification, WechatResource,
};
pub use why::{Decision, SUCCESS, Why};
