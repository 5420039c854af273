//! Serial numbers of certificates and roots.

use super::shared::md5;
use crate::certificate::{self, Certificate};
use crate::mistake::{Area, Mistake, Severity, Text, Twin};
use crate::suite::answer::Answer;
use crate::suite::implementation::Implementation;
use crate::vector::case::Ask;
use crate::vector::input::Input;
use crate::vector::operation::Operation;
use crate::vector::output::Output;
use crate::vector::reason::Reason;

pub(super) const RSA: &str = "1.2.840.113549.1.1";

pub(super) const MISTAKES: &[Mistake] = &[
    Mistake {
        id: "cert-sn-computation",
        area: Area::Certificate,
        severity: Severity::Interop,
        what: Text {
            en: "the serial number goes into the certificate's SN as hex digits, as tools print it",
            zh: "计算证书 SN 时序列号用了工具显示的十六进制",
        },
        fix: Text { en: "write the serial number in decimal", zh: "序列号用十进制" },
        sources: &["https://github.com/alipay/alipay-easysdk/issues/186"],
        twin: Twin::Around(|inner, ask| {
            numbered(inner, ask, |certificate| {
                hashed(certificate.issuer().ok()?, &hex(certificate))
            })
        }),
    },
    Mistake {
        id: "cert-sn-serial-rounded",
        area: Area::Certificate,
        severity: Severity::Interop,
        what: Text {
            en: "the serial number passes through floating point",
            zh: "序列号经过了浮点数转换",
        },
        fix: Text {
            en: "convert it as an integer of any length", zh: "按任意长度的整数转换"
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            numbered(inner, ask, |certificate| {
                let number: f64 = certificate.serial().parse().ok()?;
                // As JavaScript writes it.
                let text = match number {
                    1e21.. => format!("{number:e}").replace('e', "e+"),
                    _ => number.to_string(),
                };
                hashed(certificate.issuer().ok()?, &text)
            })
        }),
    },
    Mistake {
        id: "cert-sn-serial-negative",
        area: Area::Certificate,
        severity: Severity::Interop,
        what: Text {
            en: "a serial number whose first bit is set is taken for a negative one",
            zh: "首位为 1 的序列号被当成负数",
        },
        fix: Text {
            en: "keep the zero byte in front of it, or read the bytes without a sign",
            zh: "保留前面的零字节，或按无符号数读取",
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            numbered(inner, ask, |certificate| {
                let bytes = certificate.serial_bytes();
                let bytes =
                    bytes.strip_prefix(&[0]).filter(|rest| !rest.is_empty()).unwrap_or(bytes);
                hashed(certificate.issuer().ok()?, &certificate::decimal(bytes))
            })
        }),
    },
    Mistake {
        id: "cert-sn-zero-serial-left-out",
        area: Area::Certificate,
        severity: Severity::Interop,
        what: Text {
            en: "a serial number of zero counts as none, and is left out",
            zh: "序列号为 0 时被当作没有而略去",
        },
        fix: Text { en: "write zero as 0", zh: "零写作 0" },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            numbered(inner, ask, |certificate| {
                let serial = Some(certificate.serial()).filter(|serial| serial != "0");
                hashed(certificate.issuer().ok()?, &serial.unwrap_or_default())
            })
        }),
    },
    Mistake {
        id: "cert-sn-serial-alone",
        area: Area::Certificate,
        severity: Severity::Interop,
        what: Text {
            en: "the certificate's own serial number is sent as its SN",
            zh: "直接把证书内置序列号当作 SN 发送",
        },
        fix: Text {
            en: "send the MD5 of the issuer's name and the serial number",
            zh: "发送签发者名称与序列号拼接后的 MD5",
        },
        sources: &["https://github.com/dedemao/alipay/issues/17"],
        twin: Twin::Around(|inner, ask| numbered(inner, ask, |certificate| Some(hex(certificate)))),
    },
    Mistake {
        id: "cert-sn-issuer-in-file-order",
        area: Area::Certificate,
        severity: Severity::Interop,
        what: Text {
            en: "the issuer's attributes are in the order of the certificate, C first",
            zh: "签发者各属性按证书内顺序排列，C 在前",
        },
        fix: Text { en: "reverse them: CN first", zh: "倒序排列：CN 在前" },
        sources: &["https://github.com/alipay/alipay-sdk-nodejs-all/issues/62"],
        twin: Twin::Around(|inner, ask| {
            numbered(inner, ask, |certificate| {
                let mut parts = parts(certificate)?;
                parts.reverse();
                hashed(parts.join(","), &certificate.serial())
            })
        }),
    },
    Mistake {
        id: "cert-sn-issuer-spaced",
        area: Area::Certificate,
        severity: Severity::Interop,
        what: Text {
            en: "a blank stands behind each comma of the issuer's name",
            zh: "签发者名称的逗号后带有空格",
        },
        fix: Text {
            en: "join the attributes with a bare comma", zh: "属性之间只用逗号连接"
        },
        sources: &["https://github.com/alipay/alipay-sdk-nodejs-all/issues/56"],
        twin: Twin::Around(|inner, ask| {
            numbered(inner, ask, |certificate| {
                hashed(parts(certificate)?.join(", "), &certificate.serial())
            })
        }),
    },
    Mistake {
        id: "cert-sn-issuer-fixed-attributes",
        area: Area::Certificate,
        severity: Severity::Interop,
        what: Text {
            en: "the issuer's name is put together from CN, OU, O and C, whatever else it has or lacks",
            zh: "签发者名称固定由 CN、OU、O、C 拼成，不管实际有哪些属性",
        },
        fix: Text {
            en: "write all attributes that are there, last first",
            zh: "写出实际存在的全部属性，末尾的在前",
        },
        sources: &["https://github.com/fzlee/alipay (alipay/__init__.py, get_cert_sn)"],
        twin: Twin::Around(|inner, ask| {
            numbered(inner, ask, |certificate| {
                let parts = parts(certificate)?;
                let found = |name: &str| {
                    let part = parts.iter().find_map(|part| part.strip_prefix(name));
                    format!("{name}{}", part.unwrap_or_default())
                };
                hashed(["CN=", "OU=", "O=", "C="].map(found).join(","), &certificate.serial())
            })
        }),
    },
    Mistake {
        id: "cert-sn-issuer-bytes-escaped",
        area: Area::Certificate,
        severity: Severity::Interop,
        what: Text {
            en: "Chinese in the issuer's name is escaped byte by byte, as the openssl command does",
            zh: "签发者名称中的中文被逐字节转义（openssl 命令的默认行为）",
        },
        fix: Text { en: "hash it as UTF-8", zh: "按 UTF-8 计算" },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            numbered(inner, ask, |certificate| {
                let escaped = |byte: u8| match byte {
                    ..0x80 => char::from(byte).to_string(),
                    _ => format!("\\{byte:02X}"),
                };
                let issuer = certificate.issuer().ok()?;
                hashed(issuer.bytes().map(escaped).collect(), &certificate.serial())
            })
        }),
    },
    Mistake {
        id: "cert-sn-of-subject",
        area: Area::Certificate,
        severity: Severity::Interop,
        what: Text {
            en: "the SN is made from the owner's name instead of the issuer's",
            zh: "SN 用了持有者名称而非签发者名称",
        },
        fix: Text { en: "use the issuer's name", zh: "使用签发者名称" },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            numbered(inner, ask, |certificate| {
                hashed(certificate.subject().ok()?, &certificate.serial())
            })
        }),
    },
    Mistake {
        id: "cert-sn-leading-zero-lost",
        area: Area::Certificate,
        severity: Severity::Interop,
        what: Text {
            en: "zeros in front of the SN are lost, as the digest passed through a number",
            zh: "摘要经过数值转换，SN 开头的 0 丢失",
        },
        fix: Text { en: "fill up to 32 digits", zh: "补足 32 位" },
        sources: &["https://github.com/yansongda/pay/issues/491"],
        twin: Twin::Around(|inner, ask| {
            numbered(inner, ask, |certificate| {
                Some(certificate.sn().ok()?.trim_start_matches('0').into())
            })
        }),
    },
    Mistake {
        id: "cert-sn-upper-case",
        area: Area::Certificate,
        severity: Severity::Interop,
        what: Text { en: "the SN is written in upper case", zh: "SN 用了大写" },
        fix: Text { en: "write it in lower case", zh: "使用小写" },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| {
            numbered(inner, ask, |certificate| Some(certificate.sn().ok()?.to_uppercase()))
        }),
    },
    Mistake {
        id: "cert-sn-last-certificate",
        area: Area::Certificate,
        severity: Severity::Interop,
        what: Text {
            en: "the last certificate of a file counts, which is the issuer's",
            zh: "取了文件中的最后一张证书（签发者的）",
        },
        fix: Text { en: "take the first", zh: "取第一张" },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| match (ask.operation, read(ask)) {
            (Operation::CertificateSn, Some(all)) => {
                value(all.last().and_then(|last| last.sn().ok()))
            }
            _ => inner.perform(ask),
        }),
    },
    Mistake {
        id: "cert-sn-of-nothing",
        area: Area::Certificate,
        severity: Severity::Interop,
        what: Text {
            en: "a file that cannot be read as a certificate has the MD5 of nothing as its SN",
            zh: "无法解析的证书文件得到空串的 MD5 作为 SN",
        },
        fix: Text {
            en: "refuse the file when it is configured", zh: "在配置时就拒绝该文件"
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| match (ask.operation, read(ask)) {
            (Operation::CertificateSn, None) => value(Some(md5(b""))),
            _ => inner.perform(ask),
        }),
    },
    Mistake {
        id: "cert-pem-begins-the-text",
        area: Area::Certificate,
        severity: Severity::Interop,
        what: Text {
            en: "a file with text before the certificate is refused",
            zh: "证书前有说明文字的文件被拒绝",
        },
        fix: Text { en: "look for the BEGIN line", zh: "查找 BEGIN 行" },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| match &ask.input {
            Input::Certificate(text) if !text.starts_with("-----BEGIN") => refused(),
            _ => inner.perform(ask),
        }),
    },
    Mistake {
        id: "cert-pem-line-feeds-only",
        area: Area::Certificate,
        severity: Severity::Interop,
        what: Text {
            en: "carriage returns of a file from Windows break the base64",
            zh: "Windows 文件中的回车使 base64 解码失败",
        },
        fix: Text {
            en: "take any whitespace out of the base64", zh: "去掉 base64 中的所有空白"
        },
        sources: &["derived from the rule"],
        twin: Twin::Around(|inner, ask| match &ask.input {
            Input::Certificate(text) if text.contains('\r') => refused(),
            _ => inner.perform(ask),
        }),
    },
];

/// The certificates of a question about serial numbers.
pub(super) fn read(ask: &Ask) -> Option<Vec<Certificate>> {
    match &ask.input {
        Input::Certificate(text) => certificate::read(text).ok(),
        _ => None,
    }
}

/// Both kinds of number, each certificate's made in this way.
fn numbered(
    inner: &dyn Implementation,
    ask: &Ask,
    number: impl Fn(&Certificate) -> Option<String>,
) -> Answer {
    match (ask.operation, read(ask)) {
        (Operation::CertificateSn, Some(all)) => value(all.first().and_then(number)),
        (Operation::RootCertificateSn, Some(all)) => {
            let rsa = all.iter().filter(|root| root.signature_algorithm().starts_with(RSA));
            value(some(rsa.filter_map(number).collect()))
        }
        _ => inner.perform(ask),
    }
}

pub(super) fn some(numbers: Vec<String>) -> Option<String> {
    (!numbers.is_empty()).then(|| numbers.join("_"))
}

pub(super) fn value(sn: Option<String>) -> Answer {
    sn.map_or_else(refused, |sn| Answer::value(Output { sn: Some(sn), ..Output::default() }))
}

fn refused() -> Answer {
    Answer::reject(Reason::MalformedInput, "")
}

fn hashed(issuer: String, serial: &str) -> Option<String> {
    Some(md5((issuer + serial).as_bytes()))
}

/// The parts of the issuer's name, which have no comma within them in any certificate of Alipay's.
fn parts(certificate: &Certificate) -> Option<Vec<String>> {
    Some(certificate.issuer().ok()?.split(',').map(str::to_owned).collect())
}

fn hex(certificate: &Certificate) -> String {
    certificate.serial_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}
