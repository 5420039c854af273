//! The configuration of a generated case.

use crate::charset::Charset;
use crate::generate::family::{Config, Family};
use crate::law::Setting;
use crate::law::setting::stage;
use crate::vector::case::{Ask, Key};
use crate::vector::input::Input;
use crate::vector::load::VectorSet;
use crate::vector::operation::Operation;

/// A protocol with sign type, charset and keys.
#[derive(Clone, Debug)]
pub(super) struct Setup {
    pub(super) family: &'static Family,
    pub(super) config: &'static Config,
    pub(super) charset: Charset,
    pub(super) key: Key,
    /// Of somebody whose messages are not genuine.
    pub(super) other: Key,
    /// Those of the other side, where messages name one.
    keys: Vec<(String, Key)>,
}

impl Setup {
    /// `None` where the embedded vectors have not the keys.
    pub(super) fn new(
        family: &'static Family,
        config: &'static Config,
        charset: Charset,
        embedded: &VectorSet,
    ) -> Option<Self> {
        let key = |name: &str| embedded.keys().get(name).cloned();
        let named = |(id, name): &(&str, &str)| Some(((*id).to_owned(), key(name)?));
        let keys = config.keys.iter().map(named).collect::<Option<_>>()?;
        let (own, other) = (key(config.key)?, key(config.other)?);
        Some(Self { family, config, charset, key: own, other, keys })
    }

    /// The first key of the other side.
    pub(super) fn peer(&self) -> Option<&Key> {
        self.keys.first().map(|(_, key)| key)
    }

    pub(super) fn ask(&self, operation: Operation, input: Input) -> Ask {
        Ask {
            case: String::new(),
            stage: stage(operation),
            operation,
            protocol: self.family.id.into(),
            sign_type: self.config.sign_type.map(|sign_type| sign_type.name().into()),
            charset: self.charset,
            key: Some(self.key.clone()),
            keys: self.keys.clone(),
            input,
        }
    }

    /// The same for the laws of parameters, with this key.
    pub(super) fn setting(&self, key: &Key) -> Option<Setting> {
        let protocol = self.family.params.as_ref()?.protocol;
        let (sign_type, charset) = (self.config.sign_type?, self.charset);
        Some(Setting { protocol, sign_type, charset, key: key.clone() })
    }

    /// What messages call the sign type.
    pub(super) fn sign_type(&self) -> &'static str {
        self.config.sign_type.map_or("", |sign_type| sign_type.name())
    }
}
