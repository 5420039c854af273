//! Answers to calls of version 2.

use crate::params::Params;

/// Whether an answer says that the call failed, and no more: `return_code` FAIL, and nothing beside it but `return_msg`.
///
/// Nobody signs it, so it proves nothing, and nothing may follow from it but another try. Every other answer is verified
/// as a notification is. Source of the rule: <https://pay.weixin.qq.com/wiki/doc/api/jsapi.php?chapter=9_1>.
///
/// ```
/// use alipay_conformance::params::Params;
/// use alipay_conformance::protocol::wechatpay::response::is_failure;
///
/// assert!(is_failure(&Params::from_iter([("return_code", "FAIL"), ("return_msg", "sign error")])));
/// assert!(!is_failure(&Params::from_iter([("return_code", "SUCCESS")])));
/// assert!(!is_failure(&Params::from_iter([("return_code", "FAIL"), ("prepay_id", "wx1")])));
/// ```
#[must_use]
pub fn is_failure(params: &Params) -> bool {
    let is_bare = |name: &[u8]| name == b"return_code" || name == b"return_msg";
    params.get(b"return_code") == Some(b"FAIL") && params.iter().all(|(name, _)| is_bare(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_bare() {
        let is_bare = |pairs: &[(&str, &str)]| is_failure(&pairs.iter().copied().collect());
        assert!(is_bare(&[("return_code", "FAIL")]));
        assert!(is_bare(&[("return_code", "FAIL"), ("return_msg", "签名失败")]));
        assert!(!is_bare(&[]));
        assert!(!is_bare(&[("return_msg", "签名失败")]));
        assert!(!is_bare(&[("return_code", "SUCCESS"), ("return_msg", "OK")]));
        assert!(!is_bare(&[("return_code", "FAIL"), ("appid", "wx2421b1c4370ec43b")]));
    }
}
