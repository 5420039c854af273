/// Which part of the work a mistake is made in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Area {
    /// Reading the message from the wire.
    Parse,
    /// Percent-encoding, HTML and other escaping.
    Encode,
    /// Text and bytes.
    Charset,
    /// Which parameters are signed.
    Filter,
    /// In which order.
    Sort,
    /// How they are written.
    Join,
    /// Reading and choosing the key.
    Key,
    /// Choosing and computing the digest.
    Digest,
    /// RSA itself.
    Rsa,
    /// Comparing signatures.
    Compare,
    /// Certificates and their serial numbers.
    Certificate,
    /// Encryption of content.
    Content,
    /// The rules of each service's request.
    Request,
    /// Asking the gateway whether it sent a message.
    GatewayCheck,
    /// What a message means for the order.
    NotifySemantics,
}

impl Area {
    /// All areas, in the order of the pipeline.
    pub const ALL: [Self; 15] = [
        Self::Parse,
        Self::Encode,
        Self::Charset,
        Self::Filter,
        Self::Sort,
        Self::Join,
        Self::Key,
        Self::Digest,
        Self::Rsa,
        Self::Compare,
        Self::Certificate,
        Self::Content,
        Self::Request,
        Self::GatewayCheck,
        Self::NotifySemantics,
    ];

    /// The name, with which the ids of its mistakes begin in most cases.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Parse => "parse",
            Self::Encode => "encode",
            Self::Charset => "charset",
            Self::Filter => "filter",
            Self::Sort => "sort",
            Self::Join => "join",
            Self::Key => "key",
            Self::Digest => "digest",
            Self::Rsa => "rsa",
            Self::Compare => "compare",
            Self::Certificate => "cert",
            Self::Content => "content",
            Self::Request => "request",
            Self::GatewayCheck => "gateway-check",
            Self::NotifySemantics => "notify-semantics",
        }
    }

    /// The name in Chinese.
    #[must_use]
    pub fn name_zh(self) -> &'static str {
        match self {
            Self::Parse => "读取报文",
            Self::Encode => "转义",
            Self::Charset => "字符集",
            Self::Filter => "筛选",
            Self::Sort => "排序",
            Self::Join => "拼接",
            Self::Key => "密钥",
            Self::Digest => "摘要",
            Self::Rsa => "RSA",
            Self::Compare => "比对",
            Self::Certificate => "证书",
            Self::Content => "内容加密",
            Self::Request => "请求规则",
            Self::GatewayCheck => "notify_id 验证",
            Self::NotifySemantics => "通知的含义",
        }
    }
}

/// What a mistake costs, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Severity {
    /// Forged messages are accepted.
    Forgery,
    /// Money or orders are lost.
    Loss,
    /// Anybody can stop the service.
    Denial,
    /// Genuine messages or requests are refused.
    Interop,
    /// Nothing by itself.
    Info,
}

impl Severity {
    /// The name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Forgery => "forgery",
            Self::Loss => "loss",
            Self::Denial => "denial",
            Self::Interop => "interop",
            Self::Info => "info",
        }
    }

    /// What it means, in Chinese.
    #[must_use]
    pub fn name_zh(self) -> &'static str {
        match self {
            Self::Forgery => "可被伪造",
            Self::Loss => "资金或订单损失",
            Self::Denial => "拒绝服务",
            Self::Interop => "真实报文被拒",
            Self::Info => "提示",
        }
    }
}
