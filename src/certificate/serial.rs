/// A number in big-endian two's complement, in decimal.
pub(crate) fn decimal(bytes: &[u8]) -> String {
    let negative = bytes.first().is_some_and(|first| *first >= 0x80);
    let mut magnitude = bytes.to_vec();
    if negative {
        let mut carry = true;
        for byte in magnitude.iter_mut().rev() {
            (*byte, carry) = (!*byte).overflowing_add(u8::from(carry));
        }
    }
    let mut digits = Vec::new();
    while digits.is_empty() || magnitude.iter().any(|byte| *byte != 0) {
        let mut rest = 0;
        for byte in &mut magnitude {
            let dividend = rest * 256 + u16::from(*byte);
            // Below 256, as the rest is below 10.
            *byte = (dividend / 10) as u8;
            rest = dividend % 10;
        }
        digits.push(b'0' + rest as u8);
    }
    if negative {
        digits.push(b'-');
    }
    digits.reverse();
    digits.into_iter().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn numbers_of_any_length_and_sign() {
        for (bytes, text) in [
            (&[0][..], "0"),
            (&[10], "10"),
            (&[0, 0x80], "128"),
            (&[0x80], "-128"),
            (&[0xFB], "-5"),
            (&[0xFF, 0], "-256"),
            (&[1, 0, 0], "65536"),
            (&[0x7F; 20], "727885129180488904360266563744972327436484050815"),
            (&[], "0"),
        ] {
            assert_eq!(decimal(bytes), text, "{bytes:?}");
        }
    }
}
