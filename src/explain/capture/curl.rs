//! A curl command, as browsers copy it and people write it.

use super::http::path_of;
use super::wire::{beside, has_scheme, has_sign, query};
use super::{Http, Read, Remark, shell};
use crate::explain::escape;

/// Options with a value of their own that has nothing to do with the message.
const WITH_VALUE: &[&[u8]] = &[
    b"-A",
    b"--user-agent",
    b"-b",
    b"--cookie",
    b"-e",
    b"--referer",
    b"-o",
    b"--output",
    b"-u",
    b"--user",
    b"-x",
    b"--proxy",
    b"-m",
    b"--max-time",
    b"--connect-timeout",
    b"-c",
    b"--cookie-jar",
    b"-w",
    b"--write-out",
    b"--resolve",
    b"--cacert",
];
const DATA: &[&[u8]] = &[b"-d", b"--data", b"--data-ascii", b"--data-raw", b"--data-binary"];

pub(super) fn read(bytes: &[u8]) -> Option<Read> {
    let command = bytes.trim_ascii();
    let command = command.strip_prefix(b"$ ").unwrap_or(command);
    let mut words = shell::words(command).into_iter().peekable();
    let program = words.next()?;
    let name = program.rsplit(|byte| b"/\\".contains(byte)).next()?;
    if !matches!(name, b"curl" | b"curl.exe") {
        return None;
    }
    words.peek()?;
    let mut data: Vec<Vec<u8>> = Vec::new();
    let mut address = None;
    let mut remarks = Vec::new();
    let mut http = Http { is_reply: Some(false), ..Http::default() };
    let (mut method, mut is_query) = (None, false);
    while let Some(word) = words.next() {
        let (option, joined) = option_and_value(&word);
        if matches!(option, b"-X" | b"--request") {
            method = joined.map(<[u8]>::to_vec).or_else(|| words.next());
        } else if matches!(option, b"-H" | b"--header") {
            let header = joined.map(<[u8]>::to_vec).or_else(|| words.next());
            http.add(&header.unwrap_or_default());
        } else if matches!(option, b"-G" | b"--get") {
            is_query = true;
        } else if WITH_VALUE.contains(&option) {
            if joined.is_none() {
                words.next();
            }
        } else if DATA.contains(&option) {
            let value = joined.map(<[u8]>::to_vec).or_else(|| words.next()).unwrap_or_default();
            match value.first() {
                Some(b'@') if option != b"--data-raw" => remarks.push(Remark::DataFromFile),
                _ => data.push(value),
            }
        } else if option == b"--data-urlencode" {
            let value = joined.map(<[u8]>::to_vec).or_else(|| words.next()).unwrap_or_default();
            data.push(encoded(&value));
        } else if matches!(option, b"-F" | b"--form" | b"--form-string") {
            let value = joined.map(<[u8]>::to_vec).or_else(|| words.next()).unwrap_or_default();
            let (name, value) = split(&value);
            data.push([&escaped(name)[..], b"=", &escaped(value)].concat());
        } else if option == b"--url" {
            address = joined.map(<[u8]>::to_vec).or_else(|| words.next());
        } else if has_scheme(&word) || !word.starts_with(b"-") {
            address = Some(word);
        }
    }
    let body = data.join(&b'&');
    let implied: &[u8] = if data.is_empty() || is_query { b"GET" } else { b"POST" };
    http.method = method.unwrap_or_else(|| implied.to_vec());
    let whole = address.as_deref().unwrap_or_default();
    // curl takes what has no scheme for a host.
    http.path = match has_scheme(whole) {
        true => path_of(whole).to_vec(),
        false => path_of(&[b"http://", whole].concat()).to_vec(),
    };
    let read = beside(address.as_deref().and_then(query), Some(&body));
    let is_signed = http.signed_as(None).is_some() && !has_sign(&read);
    let mut read = if is_signed { Read::default() } else { read };
    match is_query && !body.is_empty() {
        true => {
            http.path.push(b'?');
            http.path.extend(body);
        }
        false => http.body = body,
    }
    read.http = Some(http);
    read.remarks.extend(remarks);
    Some(read)
}

/// `--option=value`, `-dvalue`, or the option alone.
fn option_and_value(word: &[u8]) -> (&[u8], Option<&[u8]>) {
    if word.starts_with(b"--") {
        return match memchr::memchr(b'=', word) {
            Some(at) => (word.get(..at).unwrap_or_default(), word.get(at + 1..)),
            None => (word, None),
        };
    }
    match word {
        [b'-', _, _, ..] => {
            let (option, value) = word.split_at_checked(2).unwrap_or_default();
            (option, Some(value))
        }
        _ => (word, None),
    }
}

/// What `--data-urlencode` makes of `content`, `=content` and `name=content`.
fn encoded(value: &[u8]) -> Vec<u8> {
    match memchr::memchr(b'=', value) {
        None => escaped(value),
        Some(0) => escaped(value.get(1..).unwrap_or_default()),
        Some(_) => {
            let (name, content) = split(value);
            [name, b"=", &escaped(content)].concat()
        }
    }
}

fn split(value: &[u8]) -> (&[u8], &[u8]) {
    let at = memchr::memchr(b'=', value).unwrap_or(value.len());
    (value.get(..at).unwrap_or_default(), value.get(at + 1..).unwrap_or_default())
}

fn escaped(bytes: &[u8]) -> Vec<u8> {
    escape::rewritten(bytes, |rest| {
        let byte = rest.first()?;
        (!byte.is_ascii_alphanumeric()).then(|| (format!("%{byte:02X}").into_bytes(), 1))
    })
}
