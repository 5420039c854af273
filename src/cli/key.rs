//! Keys, from files and environment variables. They are never taken from the argument list, which other users of the
//! machine can read, and never shown.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::cli::failure::Failure;
use crate::cli::input;
use crate::explain::GivenKey;
use crate::signature::{
    KeyError, PrivateKey, PublicKey, Secret, SignType, SigningKey, VerifyingKey,
};

/// No key is longer.
const LONGEST: usize = 64 << 10;

/// `--key-file` or `--key-env`
#[derive(clap::Args)]
#[group(required = true, multiple = false)]
pub(super) struct KeySource {
    /// File with the key: the MD5 key alone, or an RSA key in PEM, base64 or DER
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,

    /// Environment variable with the key
    #[arg(long, value_name = "NAME")]
    key_env: Option<String>,
}

impl KeySource {
    /// The key that signs: the MD5 key, or the private half of an RSA key.
    pub(super) fn signing(&self, sign_type: SignType) -> Result<SigningKey, Failure> {
        let text = self.text()?;
        match sign_type.is_keyed() {
            true => self.secret(&text).map(SigningKey::from),
            false => {
                let key = PrivateKey::parse(&*text).map(SigningKey::from);
                key.map_err(|error| self.unusable_rsa(&error, &text))
            }
        }
    }

    /// The key that verifies: the MD5 key, or Alipay's public RSA key.
    pub(super) fn verifying(&self, sign_type: SignType) -> Result<VerifyingKey, Failure> {
        let text = self.text()?;
        match sign_type.is_keyed() {
            true => self.secret(&text).map(VerifyingKey::from),
            false => {
                let key = PublicKey::parse(&*text).map(VerifyingKey::from);
                key.map_err(|error| self.unusable_rsa(&error, &text))
            }
        }
    }

    fn secret(&self, text: &[u8]) -> Result<Secret, Failure> {
        // Any bytes can be an MD5 key, but these are somebody's RSA key.
        if text.windows(11).any(|window| window == b"-----BEGIN ") {
            return Err(self.unusable(
                "this is a PEM file where the MD5 key is needed: is the sign type RSA or RSA2?",
            ));
        }
        Secret::from_file_text(text).map_err(|error| self.unusable(error))
    }

    fn unusable_rsa(&self, error: &KeyError, text: &[u8]) -> Failure {
        let looks_like_md5 = text.trim_ascii().len() == 32
            && text.trim_ascii().iter().all(u8::is_ascii_alphanumeric);
        match looks_like_md5 {
            true => self.unusable("32 letters and digits where an RSA key is needed: an MD5 key?"),
            false => self.unusable(error),
        }
    }

    fn unusable(&self, problem: impl std::fmt::Display) -> Failure {
        Failure::usage(self.flag(), problem)
    }

    fn flag(&self) -> String {
        match (&self.key_file, &self.key_env) {
            (Some(path), _) => format!("--key-file {}", path.display()),
            (None, Some(name)) => format!("--key-env {name}"),
            (None, None) => "--key-file or --key-env".into(),
        }
    }

    fn text(&self) -> Result<Zeroizing<Vec<u8>>, Failure> {
        let text = Zeroizing::new(match (&self.key_file, &self.key_env) {
            (Some(path), _) if path == Path::new("-") => {
                return Err(self.unusable("expected a file: standard input is for the message"));
            }
            (Some(path), _) => input::read(path, LONGEST)
                .map_err(|error| Failure::Usage(format!("--key-file {error}")))?,
            (None, Some(name)) => match std::env::var_os(name) {
                Some(value) => value.into_encoded_bytes(),
                None => return Err(self.unusable("this environment variable is not set")),
            },
            (None, None) => return Err(self.unusable("one of them is needed")),
        });
        if text.len() > LONGEST {
            return Err(self.unusable(format_args!("expected a key of at most {LONGEST} bytes")));
        }
        Ok(text)
    }
}

/// `--key-file` and `--key-env`, any number of them
#[derive(clap::Args)]
#[group(required = true, multiple = true)]
pub(super) struct KeySources {
    /// File with a key: the MD5 key alone, an RSA key in PEM, base64 or DER, or a certificate. The first is the
    /// configured one; give it again for each other key that may be meant
    #[arg(long, value_name = "FILE")]
    key_file: Vec<PathBuf>,

    /// Environment variable with a key; the same
    #[arg(long, value_name = "NAME")]
    key_env: Vec<String>,
}

impl KeySources {
    /// All of them as they are, the files first.
    pub(super) fn given(&self) -> Result<Vec<GivenKey>, Failure> {
        let files = self.key_file.iter().map(|path| (Some(path.clone()), None));
        let variables = self.key_env.iter().map(|name| (None, Some(name.clone())));
        files
            .chain(variables)
            .map(|(key_file, key_env)| {
                let source = KeySource { key_file, key_env };
                Ok(GivenKey::new(source.flag(), source.text()?.to_vec()))
            })
            .collect()
    }
}
