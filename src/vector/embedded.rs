//! The embedded files. A test compares the list with the folder.

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        /// Name and text of every embedded vector file, definitions first.
        pub const FILES: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../../vectors/", $name)))),*];
    };
}

files! {
    "flags.json",
    "keys.json",
    "rules.json",
    "alipay-mapi/captured.json",
    "alipay-mapi/charset.json",
    "alipay-mapi/decision.json",
    "alipay-mapi/decode.json",
    "alipay-mapi/diagnosis.json",
    "alipay-mapi/filter.json",
    "alipay-mapi/join.json",
    "alipay-mapi/notify-id.json",
    "alipay-mapi/notify.json",
    "alipay-mapi/refund.json",
    "alipay-mapi/request.json",
    "alipay-mapi/return.json",
    "alipay-mapi/sign.json",
    "alipay-mapi/sort.json",
    "alipay-mapi/wire.json",
    "alipay-mobile/captured.json",
    "alipay-mobile/notify-data.json",
    "alipay-mobile/order-string.json",
    "alipay-mobile/request.json",
    "alipay-mobile/result.json",
    "alipay-openapi/captured.json",
    "alipay-openapi/certificate.json",
    "alipay-openapi/content.json",
    "alipay-openapi/decision.json",
    "alipay-openapi/form.json",
    "alipay-openapi/notify.json",
    "alipay-openapi/order.json",
    "alipay-openapi/reply-charset.json",
    "alipay-openapi/reply-contested.json",
    "alipay-openapi/reply-node.json",
    "alipay-openapi/reply-sign.json",
    "alipay-openapi/reply.json",
    "alipay-openapi/request.json",
    "alipay-openapi/return.json",
    "alipay-openapi/v3.json",
    "alipay-wap/captured.json",
    "alipay-wap/decision.json",
    "alipay-wap/notify.json",
    "alipay-wap/reply.json",
    "alipay-wap/request.json",
    "alipay-wap/return.json",
    "antom/headers.json",
    "wechatpay/client-v2.json",
    "wechatpay/decision.json",
    "wechatpay/refund.json",
    "wechatpay/reply.json",
    "wechatpay/request.json",
    "wechatpay/notify.json",
    "wechatpay/response.json",
    "wechatpay/sign.json",
    "wechatpay/sort.json",
    "wechatpay/xml-encoding.json",
    "wechatpay/xml-write.json",
    "wechatpay/xml.json",
    "wechatpay/xxe.json",
    "wechatpay/v3-client.json",
    "wechatpay/v3-clock.json",
    "wechatpay/v3-field.json",
    "wechatpay/v3-key.json",
    "wechatpay/v3-notify.json",
    "wechatpay/v3-request.json",
    "wechatpay/v3-resource-notify.json",
    "wechatpay/v3-resource.json",
    "wechatpay/v3-response.json",
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    fn json_files(folder: &Path, prefix: &str, found: &mut BTreeSet<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{prefix}{}", entry.file_name().into_string().unwrap());
            if entry.file_type().unwrap().is_dir() {
                json_files(&entry.path(), &format!("{name}/"), found);
            } else if name.ends_with(".json") && name != "schema.json" {
                found.insert(name);
            }
        }
    }

    #[test]
    fn every_file_is_embedded() {
        let mut found = BTreeSet::new();
        json_files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors"), "", &mut found);
        let embedded: BTreeSet<_> = FILES.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(embedded, found);
    }
}
