//! Messages that are hardly any: every entry answers them, and answers them alike.

use alipay_conformance::mistake::{self, Mistaken};
use alipay_conformance::suite::answer::Answer;
use alipay_conformance::suite::implementation::Implementation;
use alipay_conformance::vector::bytes::Bytes;
use alipay_conformance::vector::input::Input;
use alipay_conformance::vector::load::VectorSet;

#[test]
fn every_entry_answers_odd_messages_and_answers_them_alike() {
    let set = VectorSet::embedded().unwrap();
    let odd: [&[u8]; 9] = [
        b"",
        b"&",
        b"=",
        b"%",
        b"?\xEF\xBB\xBF=%u&a=%&&;=<>&sign",
        b"sign=&sign=&sign_type=&sign_type=",
        b"_input_charset=gbk&a=\xFF\x80&\xD6=%D6%00&sign=+",
        b"a=1&a=2&sign=%2B%20%26amp%3B&1=&01=&001=&00a9=&0a10=",
        b"total_fee=00000000000000000000000000000000000000000.&price=.5&sign=0",
    ];
    let asks = ["mapi-0083", "mapi-0106", "mapi-0539", "mapi-0511", "mapi-0542"];
    for mistake in mistake::all() {
        let mistaken = Mistaken::new([mistake]);
        for (ask, message) in asks.iter().flat_map(|id| odd.map(|message| (id, message))) {
            let mut ask = set.case(ask).unwrap().ask.clone();
            ask.input = Input::Message(Bytes(message.to_vec()));
            let answer = mistaken.perform(&ask);
            assert!(!matches!(answer, Answer::NotOffered | Answer::Broken(_)), "{answer:?}");
            assert_eq!(mistaken.perform(&ask), answer, "{}", mistake.id);
        }
    }
}
