//! Mistakes on WeChat Pay alone.

use super::{Needs, Waiting};
use crate::mistake::Text;

pub(super) const WAITING: &[Waiting] = &[Waiting {
    id: "replay-test-with-old-capture",
    title: Text {
        en: "A test replays an old capture and blames the signature",
        zh: "测试重放旧报文，却归咎于签名",
    },
    needs: Needs::Inspection,
}];
