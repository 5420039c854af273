//! What calls up the wallet in version 3: four lines, signed by the merchant's key.

use crate::signature::Signature;

/// What a page or app needs to call up the wallet, beside the signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call<'a> {
    /// The application's number.
    pub app_id: &'a str,
    /// The order that was placed, as it was answered: without `prepay_id=`.
    pub prepay_id: &'a str,
    /// Random text.
    pub nonce: &'a str,
    /// Seconds since 1970.
    pub timestamp: &'a str,
}

/// Why nothing is to be signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CallError {
    /// Something is empty, as after an order that failed.
    #[error("{name} is empty")]
    Empty {
        /// What is.
        name: &'static str,
    },
    /// Something is no line: with a line feed in it two calls would have one string to sign.
    #[error("{name} has a control character at byte {offset}")]
    NoLine {
        /// What is.
        name: &'static str,
        /// Where it stands.
        offset: usize,
    },
}

/// What is to be signed, and sent with the signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsigned {
    /// The string to sign, for RSA with SHA-256.
    pub string: String,
    params: Vec<(String, String)>,
    signature: &'static str,
}

impl Call<'_> {
    /// For JSAPI and mini programs: `package`, which is `prepay_id=` and the number, is signed; `signType` is not.
    ///
    /// Source of the rule: <https://pay.weixin.qq.com/doc/v3/merchant/4012365341>.
    ///
    /// # Errors
    /// [`CallError`]
    ///
    /// ```
    /// use alipay_conformance::protocol::wechatpay::client_v3::{Call, CallError};
    ///
    /// let call = Call { app_id: "wx1", prepay_id: "wx2", nonce: "n", timestamp: "1554208460" };
    /// assert_eq!(call.jsapi()?.string, "wx1\n1554208460\nn\nprepay_id=wx2\n");
    ///
    /// let unplaced = Call { prepay_id: "", ..call };
    /// assert_eq!(unplaced.jsapi(), Err(CallError::Empty { name: "prepay_id" }));
    /// # Ok::<(), CallError>(())
    /// ```
    pub fn jsapi(&self) -> Result<Unsigned, CallError> {
        let package = format!("prepay_id={}", self.prepay_id);
        let params = [
            ("appId", self.app_id),
            ("timeStamp", self.timestamp),
            ("nonceStr", self.nonce),
            ("package", &package),
            ("signType", "RSA"),
        ];
        self.unsigned(&package, &params, "paySign")
    }

    /// For apps: the bare number is signed; `partnerid` and `package`, which is `Sign=WXPay`, are not.
    ///
    /// Source of the rule: <https://pay.weixin.qq.com/doc/v3/merchant/4012265144>.
    ///
    /// # Errors
    /// [`CallError`]
    ///
    /// ```
    /// use alipay_conformance::protocol::wechatpay::client_v3::{Call, CallError};
    ///
    /// let call = Call { app_id: "wx1", prepay_id: "wx2", nonce: "n", timestamp: "1554208460" };
    /// assert_eq!(call.app("1900007291")?.string, "wx1\n1554208460\nn\nwx2\n");
    /// # Ok::<(), CallError>(())
    /// ```
    pub fn app(&self, partner_id: &str) -> Result<Unsigned, CallError> {
        check("partnerid", partner_id)?;
        let params = [
            ("appid", self.app_id),
            ("partnerid", partner_id),
            ("prepayid", self.prepay_id),
            ("package", "Sign=WXPay"),
            ("noncestr", self.nonce),
            ("timestamp", self.timestamp),
        ];
        self.unsigned(self.prepay_id, &params, "sign")
    }

    fn unsigned(
        &self,
        last: &str,
        params: &[(&str, &str)],
        signature: &'static str,
    ) -> Result<Unsigned, CallError> {
        let Self { app_id, prepay_id, nonce, timestamp } = self;
        check("appid", app_id)?;
        check("prepay_id", prepay_id)?;
        check("nonce_str", nonce)?;
        check("timestamp", timestamp)?;
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let string = format!("{app_id}\n{timestamp}\n{nonce}\n{last}\n");
        Ok(Unsigned { string, params: params.iter().map(owned).collect(), signature })
    }
}

impl Unsigned {
    /// What is sent: the parameters, and the signature behind them.
    ///
    /// ```
    /// use alipay_conformance::protocol::wechatpay::client_v3::Call;
    /// use alipay_conformance::signature::{PrivateKey, SignType, SigningKey, sign};
    ///
    /// # let pem = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys/rsa-2048.pkcs8.pem"));
    /// let key = SigningKey::from(PrivateKey::parse(pem)?);
    /// let call = Call { app_id: "wx1", prepay_id: "wx2", nonce: "n", timestamp: "1554208460" };
    /// let unsigned = call.jsapi()?;
    /// let signature = sign(SignType::Rsa2, &key, unsigned.string.as_bytes())?;
    /// let params = unsigned.signed(&signature);
    /// assert_eq!(params[3], ("package".into(), "prepay_id=wx2".into()));
    /// assert_eq!(params[5].0, "paySign");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn signed(self, signature: &Signature) -> Vec<(String, String)> {
        let signature = (self.signature.to_owned(), signature.as_str().to_owned());
        self.params.into_iter().chain([signature]).collect()
    }
}

fn check(name: &'static str, line: &str) -> Result<(), CallError> {
    if line.is_empty() {
        return Err(CallError::Empty { name });
    }
    match line.bytes().position(|byte| byte.is_ascii_control()) {
        Some(offset) => Err(CallError::NoLine { name, offset }),
        None => Ok(()),
    }
}
