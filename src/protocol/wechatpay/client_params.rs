//! What a page or an app calls up the wallet with, in version 2: parameters that are signed once more.
//!
//! Sources: <https://pay.weixin.qq.com/wiki/doc/api/jsapi.php?chapter=7_7> for pages and mini programs,
//! <https://pay.weixin.qq.com/doc/global/v2/zh/4013636475> for apps.

use crate::params::Params;
use crate::protocol::WECHATPAY_V2;
use crate::signature::SignType;

/// An order that was placed, and what is new in every call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Placed<'a> {
    /// The application.
    pub appid: &'a str,
    /// The merchant; only an app names it.
    pub partnerid: &'a str,
    /// What the order was answered with, good for two hours.
    pub prepay_id: &'a str,
    /// Something random.
    pub nonce_str: &'a str,
    /// Seconds since 1970.
    pub timestamp: &'a str,
}

/// Where the signature of [`jsapi`] stands.
pub const JSAPI_SIGNATURE: &str = "paySign";

/// Where the signature of [`app`] stands.
pub const APP_SIGNATURE: &str = "sign";

/// The parameters of a page in WeChat or of a mini program, without `paySign`. The sign type must be that of the order.
///
/// # Errors
/// One of the values is empty.
///
/// ```
/// use alipay_conformance::protocol::WECHATPAY_V2;
/// use alipay_conformance::protocol::pipeline::{Pipeline, Scratch};
/// use alipay_conformance::protocol::wechatpay::client_params::{JSAPI_SIGNATURE, Placed, jsapi};
/// use alipay_conformance::signature::{Secret, SignType, SigningKey};
///
/// let order = Placed {
///     appid: "wx2421b1c4370ec43b",
///     prepay_id: "u802345jgfjsdfgsdg888",
///     nonce_str: "e61463f8efa94090b1f366cccfbbb444",
///     timestamp: "1395712654",
///     ..Placed::default()
/// };
/// let mut params = jsapi(&order, SignType::WechatMd5)?;
/// let key = SigningKey::from(Secret::new("192006250b4c09247ec02edce69f6a2d")?);
/// let pipeline = Pipeline::new(WECHATPAY_V2);
/// let signature = pipeline.sign(&params, SignType::WechatMd5, &key, &mut Scratch::new())?;
/// params.push(JSAPI_SIGNATURE.as_bytes(), signature.as_str().as_bytes());
/// assert_eq!(params.get(b"paySign"), Some(&b"0784A14C2CD35747364F62512E724FD8"[..]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn jsapi(order: &Placed<'_>, sign_type: SignType) -> Result<Params, MissingValue> {
    let package = format!("prepay_id={}", required("prepay_id", order.prepay_id)?);
    Ok(params([
        ("appId", required("appid", order.appid)?),
        ("timeStamp", required("timestamp", order.timestamp)?),
        ("nonceStr", required("nonce_str", order.nonce_str)?),
        ("package", &package),
        ("signType", WECHATPAY_V2.wire_name(sign_type)),
    ]))
}

/// The parameters of an app, without `sign`. The sign type is not among them, and must be that of the order all the same.
///
/// # Errors
/// One of the values is empty.
///
/// ```
/// use alipay_conformance::protocol::wechatpay::client_params::{Placed, app};
///
/// let error = app(&Placed { appid: "wxd930ea5d5a258f4f", ..Placed::default() }).unwrap_err();
/// assert_eq!(error.to_string(), "nothing is called up without prepay_id, which is empty");
/// ```
pub fn app(order: &Placed<'_>) -> Result<Params, MissingValue> {
    Ok(params([
        ("prepayid", required("prepay_id", order.prepay_id)?),
        ("appid", required("appid", order.appid)?),
        ("partnerid", required("partnerid", order.partnerid)?),
        ("package", "Sign=WXPay"),
        ("noncestr", required("nonce_str", order.nonce_str)?),
        ("timestamp", required("timestamp", order.timestamp)?),
    ]))
}

fn params<const N: usize>(pairs: [(&str, &str); N]) -> Params {
    pairs.into_iter().collect()
}

fn required<'a>(name: &'static str, value: &'a str) -> Result<&'a str, MissingValue> {
    if value.is_empty() { Err(MissingValue { name }) } else { Ok(value) }
}

/// A value without which nothing is called up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("nothing is called up without {name}, which is empty")]
pub struct MissingValue {
    /// Its name.
    pub name: &'static str,
}
