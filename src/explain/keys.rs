//! The keys that were given, each in the ways in which it may have been meant.

use zeroize::Zeroizing;

use super::escape::{replaced, without};
use crate::certificate;
use crate::signature::{KeyError, KeyHalf, PrivateKey, PublicKey, Secret, SignType, VerifyingKey};

/// A key as it was given. Its text is zeroed when dropped and never shown.
#[derive(Clone)]
pub struct GivenKey {
    /// What it is called: the flag, the file.
    pub name: String,
    text: Zeroizing<Vec<u8>>,
}

impl std::fmt::Debug for GivenKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("GivenKey").field("name", &self.name).finish_non_exhaustive()
    }
}

impl GivenKey {
    /// A key's text, as it stands in a file or an environment variable. One line ending at its end is the file's.
    #[must_use]
    pub fn new(name: impl Into<String>, text: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), text: Zeroizing::new(text.into()) }
    }

    fn as_configured(&self) -> &[u8] {
        let text = self.text.strip_suffix(b"\n").unwrap_or(&self.text);
        text.strip_suffix(b"\r").unwrap_or(text)
    }
}

/// A way to read a key's text: as it is, or repaired by the circumstance of this id.
pub(super) type Repair = Option<&'static str>;

/// A key, ready to verify.
pub(super) struct Prepared {
    /// Which of the given keys it comes from.
    pub(super) given: usize,
    pub(super) repair: Repair,
    /// The text that was read, for the mistakes, which read keys themselves.
    pub(super) text: Zeroizing<String>,
    secret: Option<VerifyingKey>,
    rsa: Option<VerifyingKey>,
    pub(super) bits: Option<usize>,
}

impl Prepared {
    pub(super) fn verifying(&self, sign_type: SignType) -> Option<&VerifyingKey> {
        match sign_type.is_keyed() {
            true => self.secret.as_ref(),
            false => self.rsa.as_ref(),
        }
    }
}

/// All keys, in all their ways.
#[derive(Default)]
pub(super) struct Keys {
    pub(super) names: Vec<String>,
    prepared: Vec<Prepared>,
    pub(super) oddities: Vec<(usize, Oddity)>,
    /// The serial numbers of the keys that are certificates, as WeChat Pay writes them.
    pub(super) serials: Vec<(usize, String)>,
    /// Positions of a public key and of the private key that it belongs to.
    pub(super) own_public: Option<(usize, usize)>,
}

/// What is strange about a key's text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Oddity {
    /// It is empty.
    Empty,
    /// It begins with a byte order mark.
    ByteOrderMark,
    /// Whitespace stands about it.
    Whitespace,
    /// Quotation marks stand about it.
    Quotes,
    /// It has characters beyond ASCII.
    NotAscii,
    /// An MD5 key of another length than 32, in bytes.
    Length(usize),
    /// It is a private RSA key.
    Private,
    /// It looks like an RSA key and cannot be read as one.
    Unreadable(KeyError),
}

pub(super) const WHITESPACE: &str = "key-whitespace";
pub(super) const MARK: &str = "key-byte-order-mark";
pub(super) const QUOTES: &str = "key-quotes";
pub(super) const LABEL: &str = "key-label";
pub(super) const WIDTH: &str = "key-full-width";
pub(super) const LOWER: &str = "key-lower-cased";
pub(super) const UPPER: &str = "key-upper-cased";
pub(super) const LINE_BREAK: &str = "key-signed-with-line-break";
pub(super) const PRIVATE: &str = "key-own-private";
pub(super) const DAMAGED: &str = "key-text-damaged";

impl Keys {
    pub(super) fn new(given: &[GivenKey]) -> Self {
        let mut keys = Self::default();
        let mut halves: Vec<(usize, bool, String)> = Vec::new();
        for (index, key) in given.iter().enumerate() {
            keys.names.push(key.name.clone());
            let text = key.as_configured();
            match half(text) {
                Half::Secret => keys.secrets(index, text),
                Half::Rsa => keys.rsa(index, &key.text),
            }
            if let Ok(public) = PublicKey::parse(&*key.text) {
                halves.push((index, false, public.to_pem()));
            } else if let Ok(private) = PrivateKey::parse(&*key.text) {
                halves.push((index, true, private.public_key().to_pem()));
            }
        }
        keys.own_public = halves.iter().filter(|one| !one.1).find_map(|one| {
            let private = halves.iter().find(|other| other.1 && other.2 == one.2)?;
            Some((one.0, private.0))
        });
        keys
    }

    /// What the given key is called.
    pub(super) fn name(&self, given: usize) -> String {
        self.names.get(given).cloned().unwrap_or_default()
    }

    pub(super) fn get(&self, index: usize) -> Option<&Prepared> {
        self.prepared.get(index)
    }

    /// Where a given key stands, read in a given way.
    pub(super) fn position(&self, given: usize, repair: Repair) -> Option<usize> {
        self.prepared.iter().position(|key| key.given == given && key.repair == repair)
    }

    /// The RSA keys, each once.
    pub(super) fn rsa_keys(&self) -> impl Iterator<Item = (usize, &PublicKey)> {
        self.prepared.iter().filter_map(|key| match &key.rsa {
            Some(VerifyingKey::Rsa(rsa)) => Some((key.given, rsa)),
            _ => None,
        })
    }

    /// Whether any key, in any way of reading it, can do the sign type.
    pub(super) fn can_do(&self, sign_type: SignType) -> bool {
        self.prepared.iter().any(|key| key.verifying(sign_type).is_some())
    }

    fn secrets(&mut self, given: usize, text: &[u8]) {
        let mut known: Vec<Zeroizing<Vec<u8>>> = Vec::new();
        let mut add = |repair: Repair, bytes: &[u8]| {
            let is_new = known.iter().all(|other| other.as_slice() != bytes);
            known.push(Zeroizing::new(bytes.to_vec()));
            // An empty key verifies nothing.
            let secret = Secret::new(bytes).map(VerifyingKey::from).ok();
            if is_new && (secret.is_some() || repair.is_none()) {
                self.prepared.push(Prepared {
                    given,
                    repair,
                    text: Zeroizing::new(String::from_utf8_lossy(bytes).into_owned()),
                    secret,
                    rsa: None,
                    bits: None,
                });
            }
        };
        let has_mark = text.starts_with(b"\xEF\xBB\xBF") || text.starts_with(b"\xFF\xFE");
        add(None, text);
        let no_mark = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
        add(MARK.into(), no_mark);
        let trimmed = &*Zeroizing::new(without(no_mark, b" \t\r\n\x0B\x0C\0"));
        let trimmed = &*Zeroizing::new(replaced(trimmed, b"\xC2\xA0", b""));
        let trimmed = &*Zeroizing::new(replaced(trimmed, b"\xE2\x80\x8B", b""));
        let has_whitespace = trimmed.len() < no_mark.len();
        add(WHITESPACE.into(), trimmed);
        let bare = unquoted(trimmed);
        add(QUOTES.into(), bare);
        let labelled = bare.iter().rposition(|byte| b"=:".contains(byte));
        if let Some(at) = labelled.filter(|at| *at < 20) {
            add(LABEL.into(), unquoted(bare.get(at + 1..).unwrap_or_default()));
        }
        if let Some(ascii) = half_width(bare) {
            add(WIDTH.into(), &ascii);
        }
        add(LOWER.into(), &Zeroizing::new(bare.to_ascii_lowercase()));
        add(UPPER.into(), &Zeroizing::new(bare.to_ascii_uppercase()));
        add(LINE_BREAK.into(), &Zeroizing::new([bare, b"\n"].concat()));
        let odd = [
            (bare.is_empty(), Oddity::Empty),
            (has_mark, Oddity::ByteOrderMark),
            (has_whitespace, Oddity::Whitespace),
            (bare.len() < trimmed.len(), Oddity::Quotes),
            (!no_mark.is_ascii(), Oddity::NotAscii),
            (!bare.is_empty() && bare.len() != 32, Oddity::Length(bare.len())),
        ];
        let odd = odd.into_iter().filter(|(is_odd, _)| *is_odd).map(|(_, oddity)| (given, oddity));
        self.oddities.extend(odd);
    }

    /// The key of a certificate. Those of WeChat Pay come so.
    fn certified(&mut self, given: usize, text: &[u8]) -> Result<PublicKey, KeyError> {
        let certificate = certificate::read(text).ok().and_then(|all| all.into_iter().next());
        let certificate = certificate.ok_or(KeyError::Certificate { needed: KeyHalf::Public })?;
        let serial = certificate.serial_bytes();
        // A byte of zeros stands before a high bit alone, and is no digit of the number.
        let serial = serial.strip_prefix(&[0]).unwrap_or(serial);
        let serial = serial.iter().map(|byte| format!("{byte:02X}")).collect();
        self.serials.push((given, serial));
        certificate.public_key().map_err(|_| KeyError::Certificate { needed: KeyHalf::Public })
    }

    fn rsa(&mut self, given: usize, text: &[u8]) {
        let parsed = match PublicKey::parse(text) {
            Err(KeyError::Certificate { .. }) => self.certified(given, text),
            other => other,
        };
        if parsed.is_err() {
            // As it stands it verifies nothing.
            let text = Zeroizing::default();
            self.prepared.push(Prepared {
                given,
                repair: None,
                text,
                secret: None,
                rsa: None,
                bits: None,
            });
        }
        let mut add = |repair: Repair, key: PublicKey| {
            let bits = Some(key.bits());
            let text = Zeroizing::new(key.to_pem());
            let rsa = Some(key.into());
            self.prepared.push(Prepared { given, repair, text, secret: None, rsa, bits });
        };
        match parsed {
            Ok(key) => add(None, key),
            Err(KeyError::WrongHalf { needed: KeyHalf::Public }) => {
                if let Ok(key) = PrivateKey::parse(text) {
                    add(PRIVATE.into(), key.public_key());
                }
                self.oddities.push((given, Oddity::Private));
            }
            Err(error) => {
                let repaired = Zeroizing::new(repaired(text));
                if let Ok(key) = PublicKey::parse(&*repaired) {
                    add(DAMAGED.into(), key);
                }
                self.oddities.push((given, Oddity::Unreadable(error)));
            }
        }
    }
}

enum Half {
    Secret,
    Rsa,
}

/// RSA keys are long, and in base64 or DER all begin alike.
fn half(text: &[u8]) -> Half {
    let has = |part: &[u8]| memchr::memmem::find(text, part).is_some();
    let is_der = text.starts_with(b"\x30\x81") || text.starts_with(b"\x30\x82");
    let is_long = text.iter().filter(|byte| byte.is_ascii_alphanumeric()).count() >= 90;
    let is_rsa = is_der || is_long || has(b"-----BEGIN") || text.starts_with(b"ssh-");
    if is_rsa { Half::Rsa } else { Half::Secret }
}

/// Without one pair of quotation marks, of whatever kind.
fn unquoted(text: &[u8]) -> &[u8] {
    const MARKS: [(&str, &str); 5] = [("\"", "\""), ("'", "'"), ("“", "”"), ("‘", "’"), ("`", "`")];
    MARKS
        .iter()
        .find_map(|(open, close)| {
            let inside = text.strip_prefix(open.as_bytes())?;
            Some(inside.strip_suffix(close.as_bytes()).unwrap_or(inside))
        })
        .unwrap_or(text)
}

/// Full-width letters and digits, as Chinese input methods write them, in their ASCII form.
fn half_width(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let narrow = |character: char| match u32::from(character) {
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(character),
        _ => character,
    };
    let text: String = std::str::from_utf8(text).ok()?.chars().map(narrow).collect();
    Some(Zeroizing::new(text.into_bytes()))
}

/// The base64 of a key whose text was damaged on the way: line breaks written as `\n`, quotation marks, a lost label or
/// padding, the URL-safe alphabet.
fn repaired(text: &[u8]) -> Vec<u8> {
    let text = replaced(&replaced(text, b"\\n", b"\n"), b"\\r", b"");
    let lines = text.split(|byte| *byte == b'\n');
    let body: Vec<u8> = lines
        .filter(|line| memchr::memmem::find(line, b"--").is_none())
        .flat_map(|line| line.iter().copied())
        .map(|byte| match byte {
            b'-' => b'+',
            b'_' => b'/',
            other => other,
        })
        .filter(|byte| byte.is_ascii_alphanumeric() || b"+/".contains(byte))
        .collect();
    let padding = (4 - body.len() % 4) % 4;
    [body, vec![b'='; padding]].concat()
}
